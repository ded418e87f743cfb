import { reasonOf, statusOf } from '@highroad/plugin-platform-react';

/** Pages of the portal's documentation that help. */
const DOCS = '/docs/default/component/highroad';

/** @param name - as the backend names it, such as `vault-sealed` */
export function runbookLink(name: string): string {
  return `${DOCS}/runbooks/${name}/`;
}

/** The page for what went wrong: the one that the error names, or else the one for what it is. */
export function runbookFor(error: Error): string {
  const [, named] = /runbooks\/([a-z-]+)/.exec(reasonOf(error)) ?? [];
  if (named) return runbookLink(named);
  const status = statusOf(error);
  if (status === 401) return runbookLink('platform-not-signed-in');
  const isRefused = status !== undefined && status < 500;
  return runbookLink(isRefused ? 'secret-refused' : 'platform-does-not-answer');
}
