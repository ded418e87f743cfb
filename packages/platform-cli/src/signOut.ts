import { CliAuth } from '@backstage/cli-node';
import { CliError } from './errors';

const REVOKE = '/v1/revoke';

/**
 * Names the sign-in that ends: the one that is used. Asked where nobody answers, the auth module would end with code 0
 * and leave everything as it is.
 *
 * @param command - `logout` with its options
 * @throws CliError where there is none
 */
export async function withInstance(command: string[]): Promise<string[]> {
  const complete = command.some(
    argument => /^--(instance\b|help$)/.test(argument) || argument === '-h',
  );
  if (complete) return command;
  const auth = await CliAuth.create().catch(() => undefined);
  if (!auth) {
    throw new CliError('You are signed in nowhere.', {
      why: 'A portal that runs on this machine needs no sign-in.',
    });
  }
  return [...command, '--instance', auth.getInstanceName()];
}

/**
 * Has the portal forget a sign-in that the auth module ends: it leaves out which program asks, is refused for that, and
 * says nothing, so that a copy of the token would be good for another month.
 *
 * @param warn - told in a line where the portal could not be told
 */
export function revoking(
  send: typeof fetch,
  warn: (line: string) => void,
): typeof fetch {
  return async (input, init) => {
    const url = String(input);
    if (!url.endsWith(REVOKE) || typeof init?.body !== 'string') {
      return send(input, init);
    }
    const client = `${url.slice(
      0,
      -REVOKE.length,
    )}/.well-known/oauth-client/cli.json`;
    const body = { client_id: client, ...JSON.parse(init.body) };
    const response = await send(url, {
      ...init,
      body: JSON.stringify(body),
    }).catch(error => {
      warn('The portal does not answer; it keeps the sign-in for 30 days.');
      throw error;
    });
    if (!response.ok) {
      warn(
        `The portal answered ${response.status}; it keeps the sign-in for 30 days.`,
      );
    }
    return response;
  };
}
