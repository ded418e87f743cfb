import { Config } from '@backstage/config';

/** What the first commit of a created repository says. */
export function firstCommitMessage(config: Config): string {
  return (
    config.getOptionalString('scaffolder.defaultCommitMessage') ??
    'Create the service from its template'
  );
}
