import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLogger } from '../src/runtime/log.ts';

describe('the log', () => {
  it('says what an error was, and not what hangs on it', () => {
    let line = '';
    const logger = createLogger('info', { write: (written) => (line = written) });
    const error = new Error('lost', { cause: new Error('reset') });
    Object.assign(error, { code: 'ECONNRESET', client: { password: 'hunter2' } });
    logger.error({ err: error }, 'oh');

    const entry: unknown = JSON.parse(line);
    assert.partialDeepStrictEqual(entry, {
      level: 'error',
      msg: 'oh',
      err: { message: 'lost', code: 'ECONNRESET', cause: { message: 'reset' } },
    });
    assert.doesNotMatch(line, /hunter2/);
  });

  it('leaves out what is below its level', () => {
    const lines: string[] = [];
    const logger = createLogger('warn', { write: (line) => lines.push(line) });
    logger.info('quiet');
    logger.warn('loud');
    assert.equal(lines.length, 1);
  });
});
