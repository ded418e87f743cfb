/** Pages of the portal's documentation that help. */
const DOCS = '/docs/default/component/highroad';

/** @param name - as the backend names it, such as `vault-sealed` */
export function runbookLink(name: string): string {
  return `${DOCS}/runbooks/${name}/`;
}
