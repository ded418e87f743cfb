/**
 * Whether a pull request is one of the repository that an address leads into, such as `https://git.example/acme/cart/blob/main/catalog-info.yaml`.
 *
 * @param pullRequest - `host` without a scheme, `repository` as owner and name
 */
export function isOfRepository(
  { host, repository }: { host: string; repository: string },
  address: string,
): boolean {
  return lower(`${address}/`).includes(lower(`//${host}/${repository}/`));
}

/** Git hosts take names however they are written. */
function lower(text: string): string {
  return text.toLocaleLowerCase('en');
}
