import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answers, startProcess } from './process.ts';
import { missing, provideSurroundings } from './surroundings.ts';

describe('the process', { skip: missing }, () => {
  it('becomes ready, shows metrics, and ends with status 0 on SIGTERM', async (t) => {
    const surroundings = await provideSurroundings();
    const service = await startProcess(surroundings.env);
    t.after(async () => {
      service.signal('SIGKILL');
      await surroundings.remove();
    });
    await answers(`${service.url}/readyz`, 200);
    await answers(`${service.url}/healthz`, 200);
    const metrics = await answers(`${service.url}/metrics`, 200);
    assert.match(await metrics.text(), /^process_start_time_seconds /m);

    service.signal('SIGTERM');
    assert.equal(await service.exited, 0);
    for (const line of service.lines) {
      const entry: unknown = JSON.parse(line);
      assert.ok(typeof entry === 'object' && entry !== null);
      assert.ok('time' in entry && 'level' in entry && 'msg' in entry, line);
    }
  });

  it('ends with status 1 and says what is wrong with its environment', async (t) => {
    const service = await startProcess({ LOG_LEVEL: 'loud' });
    t.after(() => {
      service.signal('SIGKILL');
    });
    assert.equal(await service.exited, 1);
    assert.match(service.lines.join('\n'), /"level":"error".*LOG_LEVEL must be debug, info/);
  });
});
