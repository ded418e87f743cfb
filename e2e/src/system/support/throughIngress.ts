import http from 'node:http';

/** Asks a service under its host name, by way of the sandbox's ingress, on a connection of its own. */
export function throughIngress(
  ingress: { address: string; domain: string },
  host: string,
  path: string,
): Promise<{ status: number; body: string }> {
  const { address, domain } = ingress;
  return new Promise((resolve, reject) => {
    http
      .get(
        `${address}${path}`,
        { headers: { Host: `${host}.${domain}` }, agent: false },
        response => {
          let body = '';
          response.on('data', chunk => {
            body += chunk;
          });
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body }),
          );
        },
      )
      .on('error', reject);
  });
}
