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

  it('leaves our own errors as they are', () => {
    const error = new CliError('x', { exitCode: 4 });
    expect(toCliError(error)).toBe(error);
  });
});
