import { ResponseError } from '@backstage/errors';
import { runbookOf } from '@highroad/plugin-platform-common';
import { statusOf } from '@highroad/plugin-platform-react';

/** Pages of the portal's documentation that help. */
const DOCS = '/docs/default/component/highroad';
/** For what is refused. */
const REFUSED = 'secret-refused';

/** @param name - as the backend names it, such as `vault-sealed` */
export function runbookLink(name: string): string {
  return `${DOCS}/runbooks/${name}/`;
}

/** The page for what went wrong: the one that the error names, or else the one for what it is. */
export function runbookFor(error: Error): string {
  const said = ResponseError.is(error) ? error.cause : error;
  const status = statusOf(error);
  return runbookLink(runbookOf({ error: said, status }, REFUSED) ?? REFUSED);
}
