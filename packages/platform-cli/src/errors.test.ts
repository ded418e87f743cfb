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
