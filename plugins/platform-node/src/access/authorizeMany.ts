import { PermissionsService } from '@backstage/backend-plugin-api';

/**
 * As many as surely fit into a request: 100 kB is what Backstage takes, and on its way to the plugin whose resources they
 * are each gets the policy's conditions beside it, with all groups of a person.
 */
const MOST_AT_ONCE = 50;

/** As {@link PermissionsService.authorize}, for any number of questions. */
export async function authorizeMany(
  permissions: PermissionsService,
  ...[questions, options]: Parameters<PermissionsService['authorize']>
): ReturnType<PermissionsService['authorize']> {
  const answers = [];
  for (let from = 0; from < questions.length; from += MOST_AT_ONCE) {
    const some = questions.slice(from, from + MOST_AT_ONCE);
    answers.push(...(await permissions.authorize(some, options)));
  }
  return answers;
}
