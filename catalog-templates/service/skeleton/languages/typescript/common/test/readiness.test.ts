import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { NotReady, Readiness } from '../src/runtime/readiness.ts';

const logger = pino({ level: 'silent' });

describe('readiness', () => {
  it('is given while every check passes', async () => {
    const readiness = new Readiness({ database: async () => {} }, logger);
    assert.deepEqual(await readiness.report(), { status: 'ready' });
  });

  it('is refused with the reasons of the checks that fail', async () => {
    const readiness = new Readiness(
      {
        cache: async () => {},
        database: async () => Promise.reject(new NotReady('migrations are not through')),
      },
      logger,
    );
    assert.deepEqual(await readiness.report(), {
      status: 'unavailable',
      checks: { database: 'migrations are not through' },
    });
  });

  it('tells nothing of an unexpected error, which may hold an address', async () => {
    const readiness = new Readiness(
      { database: async () => Promise.reject(new Error('connect ECONNREFUSED 10.1.2.3:5432')) },
      logger,
    );
    assert.deepEqual(await readiness.report(), {
      status: 'unavailable',
      checks: { database: 'cannot be reached' },
    });
  });

  it('is refused when a check does not answer in time', async () => {
    const readiness = new Readiness({ database: () => new Promise(() => {}) }, logger, 10);
    assert.deepEqual(await readiness.report(), {
      status: 'unavailable',
      checks: { database: 'does not answer in time' },
    });
  });

  it('is refused from the moment the process is told to stop', async () => {
    const readiness = new Readiness({}, logger);
    readiness.stop();
    assert.deepEqual(await readiness.report(), {
      status: 'unavailable',
      checks: { shutdown: 'in progress' },
    });
  });
});
