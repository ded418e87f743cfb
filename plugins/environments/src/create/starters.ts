const NAME_LENGTH = 40;

/**
 * What a manifest begins with, where nobody has one at hand.
 *
 * @param service - name of a service of the catalog
 */
export function starter(service?: string): string {
  const name = service ?? 'my-service';
  // A longer one can't be named so in an environment.
  const known = service !== undefined && service.length <= NAME_LENGTH;
  const what = known
    ? `from: { service: ${name} } # its deploy/, or give an image instead`
    : `image: myorg/${name}:latest`;
  return `apiVersion: platform.myorg.com/v1
kind: Environment
metadata:
  name: ${name.slice(0, 36)}-try
spec:
  type: preview
  ttl: 7d
  services:
    - name: ${name.slice(0, NAME_LENGTH)}
      ${what}
  # databases: # one for it to use, if it needs one
  #   - type: postgres
`;
}
