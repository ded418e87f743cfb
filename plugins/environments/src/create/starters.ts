/** What a manifest begins with, where nobody has one at hand. */
export function starter(service?: { name: string; image?: string }): string {
  const name = service?.name ?? 'my-service';
  const image = service?.image ?? `myorg/${name}`;
  return `apiVersion: platform.myorg.com/v1
kind: Environment
metadata:
  name: ${name.slice(0, 36)}-try
spec:
  type: preview
  ttl: 7d
  services:
    - name: ${name.slice(0, 40)}
      image: ${image}:latest
`;
}
