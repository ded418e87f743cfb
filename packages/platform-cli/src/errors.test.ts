import { ResponseError } from '@backstage/errors';
import { CliError, toCliError } from './errors';

const answer = async (status: number, error: object) =>
  ResponseError.fromResponse(
    new Response(JSON.stringify({ error, response: { statusCode: status } }), {
      status,
      headers: { 'Content-Type': 'application/json' },
    }),
  );

describe('toCliError', () => {
  it.each([
    [400, 2],
    [401, 3],
    [403, 3],
    [404, 5],
    [409, 4],
    [500, 1],
    [503, 6],
  ])('turns an answer of %d into exit code %d', async (status, exitCode) => {
    const error = toCliError(
      await answer(status, { name: 'SomeError', message: 'What happened.' }),
    );
    expect(error.exitCode).toBe(exitCode);
    expect(`${error.message} ${error.why}`).toContain('What happened.');
  });

  it.each([
    [400, undefined, 'refused'],
    [401, 'platform-not-signed-in', 'platform-not-signed-in'],
    [403, 'platform-not-signed-in', 'refused'],
    [404, undefined, 'refused'],
    [409, undefined, 'refused'],
    [413, undefined, 'refused'],
    [500, 'platform-does-not-answer', 'platform-does-not-answer'],
    [502, 'platform-does-not-answer', 'platform-does-not-answer'],
    [503, 'platform-does-not-answer', 'platform-does-not-answer'],
    [504, 'platform-does-not-answer', 'platform-does-not-answer'],
  ])(
    'leads from an answer of %d to %s, from a command with a page of its own to %s, and where one is named there',
    async (status, general, own) => {
      const plain = await answer(status, { name: 'Error', message: 'No.' });
      const command = { token: false, runbook: 'refused' };
      expect(toCliError(plain).runbook).toBe(general);
      expect(toCliError(plain, command).runbook).toBe(own);
      for (const error of [
        { message: 'No.', runbook: 'vault-sealed' },
        { message: 'No. See docs/runbooks/vault-sealed.md.' },
        { message: 'No. What to do: /docs/default/x/y/runbooks/vault-sealed/' },
      ]) {
        const named = toCliError(
          ...([await answer(status, { name: 'Error', ...error })] as const),
          command,
        );
        expect(named.runbook).toBe('vault-sealed');
        expect(`${named.message} ${named.why} ${named.fix}`).not.toMatch(
          /runbooks|Try again/,
        );
      }
    },
  );

  it('says that the portal is not there when nothing listens', async () => {
    const failure = await fetch('http://127.0.0.1:49151').catch(error => error);
    expect(toCliError(failure)).toMatchObject({
      message: 'The portal does not answer.',
      exitCode: 6,
    });
  });

  it.each([
    'EAI_AGAIN',
    'ECONNREFUSED',
    'ECONNRESET',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOTFOUND',
    'EPIPE',
    'ETIMEDOUT',
    'UND_ERR_CONNECT_TIMEOUT',
    'UND_ERR_SOCKET',
  ])('takes %s for a portal that is not reached', code => {
    const cause = Object.assign(new Error(code), { code });
    const failure = new TypeError('fetch failed', { cause });
    expect(toCliError(failure)).toMatchObject({
      why: `Connecting failed: ${code}.`,
      exitCode: 6,
    });
  });

  it.each(['EACCES', 'EEXIST', 'EISDIR', 'ENOENT', 'ENOSPC'])(
    'takes %s for what it is, a file that cannot be used',
    code => {
      const failure = Object.assign(
        new Error(`${code}: open '/root/audit.jsonl'`),
        { code },
      );
      expect(toCliError(failure)).toMatchObject({
        message: `${code}: open '/root/audit.jsonl'`,
        exitCode: 1,
      });
    },
  );

  it('says to a token where it is named, and to a person only why', async () => {
    const refusal = await answer(403, { name: 'NotAllowedError', message: '' });
    expect(toCliError(refusal)).toMatchObject({
      message: 'You may not do this.',
      why: undefined,
      fix: undefined,
    });
    expect(toCliError(refusal, { token: true }).fix).toContain(
      'platform.access.machines',
    );
    const unknown = await answer(401, { name: 'AuthenticationError' });
    expect(toCliError(unknown, { token: true }).fix).toContain(
      'Compare PLATFORM_TOKEN with backend.auth.externalAccess',
    );
  });

  it('leaves our own errors as they are', () => {
    const error = new CliError('x', { exitCode: 4 });
    expect(toCliError(error)).toBe(error);
  });
});
