import { InputError } from '@backstage/errors';
import { Places } from '@highroad/plugin-platform-node/kubernetes';

/**
 * Where something is set that names no environment: everywhere but in production.
 *
 * @returns also what is left out
 * @throws InputError if there is no such environment
 */
export function spreadOver(places: Places): {
  environments: string[];
  leftOut: string[];
} {
  const names = (production: boolean) =>
    places
      .all()
      .filter(place => place.production === production)
      .map(({ name }) => name);
  const environments = names(false);
  if (environments.length === 0) {
    throw new InputError(
      'environment: there is none that is not production; name the one that is meant.',
    );
  }
  return { environments, leftOut: names(true) };
}
