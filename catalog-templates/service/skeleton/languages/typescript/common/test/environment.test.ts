import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Type from 'typebox';
import {
  ConfigurationError,
  readEnvironment,
  runtimeSettings,
  seconds,
} from '../src/runtime/environment.ts';

const schema = Type.Object({
  ...runtimeSettings,
  SECRET_URL: Type.String({ pattern: '^https://', description: 'an https:// address' }),
});
const SECRET_URL = 'https://user:hunter2@example.com';

describe('reading the environment', () => {
  it('fills in defaults, also where a variable is empty', () => {
    assert.deepEqual(readEnvironment(schema, { SECRET_URL, PORT: '' }), {
      PORT: 8080,
      LOG_LEVEL: 'info',
      SHUTDOWN_TIMEOUT: 20,
      SECRET_URL,
    });
  });

  it('takes fractions of seconds', () => {
    const settings = readEnvironment(Type.Object({ WAIT: seconds(1) }), { WAIT: '0.25' });
    assert.equal(settings.WAIT, 0.25);
  });

  it('names every wrong variable and what it expects, in one error', () => {
    assert.throws(
      () => readEnvironment(schema, { PORT: '99999', LOG_LEVEL: 'loud', SHUTDOWN_TIMEOUT: '0' }),
      new ConfigurationError(
        'wrong environment: PORT must be a whole number from 1 to 65535; ' +
          'LOG_LEVEL must be debug, info, warn or error; ' +
          'SHUTDOWN_TIMEOUT must be a number of seconds above 0; ' +
          'SECRET_URL is not set, expected an https:// address',
      ),
    );
  });

  for (const PORT of ['eighty', '80.5', '0', '-1', '8080x', 'NaN']) {
    it(`refuses ${PORT} as a port`, () => {
      assert.throws(
        () => readEnvironment(schema, { SECRET_URL, PORT }),
        /PORT must be a whole number/,
      );
    });
  }

  it('does not repeat a wrong value, which may hold a password', () => {
    assert.throws(
      () => readEnvironment(schema, { SECRET_URL: 'ftp://user:hunter2@example.com' }),
      (error: unknown) =>
        error instanceof Error &&
        /SECRET_URL/.test(error.message) &&
        !/hunter2/.test(error.message),
    );
  });
});
