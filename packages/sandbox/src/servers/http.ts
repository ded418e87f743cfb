import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { ServerContext } from './Server';

/** Whether an address answers with a status that is fine. */
export async function answers(
  url: string,
  fine: (status: number) => boolean = status => status >= 200 && status < 300,
): Promise<boolean> {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(3000),
    });
    await response.arrayBuffer();
    return fine(response.status);
  } catch {
    // Nobody listens yet, or it is not done with starting: both mean no.
    return false;
  }
}

/**
 * Whether an address behind the sandbox's own authority answers with 200.
 *
 * @param client - name of a certificate in the run folder to show, where the server wants one
 * @param token - bearer token, where the server wants that
 */
export async function answersTls(
  { paths, connection }: ServerContext,
  url: string,
  client?: string,
  token?: string,
): Promise<boolean> {
  const files = client
    ? {
        cert: await readFile(paths.run(`${client}.crt`)),
        key: await readFile(paths.run(`${client}.key`)),
      }
    : {};
  return new Promise(resolve => {
    const call = request(
      url,
      {
        ca: connection.kubernetes.ca,
        ...files,
        headers: token ? { Authorization: `Bearer ${token}` } : {},
        timeout: 3000,
        agent: false,
      },
      response => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(false));
    call.end();
  });
}

/**
 * Gets a text from behind an authority of one's own.
 *
 * @throws Error when nobody answers, or with anything but 200
 */
export function getTls(
  url: string,
  { ca, token }: { ca: string; token: string },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      {
        ca,
        headers: { Authorization: `Bearer ${token}` },
        timeout: 5000,
        agent: false,
      },
      response => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', chunk => {
          text += chunk;
        });
        response.on('end', () => {
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`${url}: ${response.statusCode} ${text}`));
        });
      },
    );
    call.on('timeout', () =>
      call.destroy(new Error(`${url}: no answer in 5 s`)),
    );
    call.on('error', reject);
    call.end();
  });
}
