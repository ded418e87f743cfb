/** Pages of the portal's documentation that help. */
const DOCS = '/docs/default/component/highroad';

/** @param name - as the backend names it, such as `docs/runbooks/vault-sealed.md` */
export function runbookLink(name: string): string {
  return `${DOCS}/${name.replace(/^docs\//, '').replace(/\.md$/, '/')}`;
}
