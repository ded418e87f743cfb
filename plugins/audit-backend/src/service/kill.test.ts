import createKnex from 'knex';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openLedger, TEST_KEY } from '../__testUtils__/ledgers';
import { RecordStore } from '../database/RecordStore';

/** More for a soak: HIGHROAD_KILLS=100 */
const KILLS = Number(process.env.HIGHROAD_KILLS ?? 3);

jest.setTimeout(60_000 + KILLS * 10_000);

/** Lets a process write, and kills it after so many records, wherever it is just then. */
async function writeUntilKilled(
  args: string[],
  records: number,
): Promise<string[]> {
  const child = spawn(
    process.execPath,
    [
      '--require',
      require.resolve('@backstage/cli-node/config/nodeTransform.cjs'),
      resolve(__dirname, '../__testUtils__/writer.ts'),
      ...args,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let written = '';
  child.stdout.on('data', chunk => {
    written += chunk;
    if (written.split('\n').length > records) child.kill('SIGKILL');
  });
  await new Promise(done => child.once('close', done));
  // A line that was cut off was not said.
  return written.split('\n').slice(0, -1);
}

it('keeps every record that was written, once, however often its process is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'highroad-audit-'));
  const filename = join(folder, 'audit.sqlite');
  const written: string[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    written.push(
      ...(await writeUntilKilled(
        [filename, TEST_KEY, join(folder, 'spool')],
        20 + Math.floor(Math.random() * 200),
      )),
    );
  }

  const knex = createKnex({
    ...{ client: 'better-sqlite3', connection: { filename } },
    useNullAsDefault: true,
  });
  // The one that was killed last still has the lease.
  const later = Date.now() + 60_000;
  const ledger = openLedger(knex, { now: () => new Date(later) });
  await ledger.loop.turn();
  const ids = (await new RecordStore(knex).from(1, 1_000_000)).map(
    ({ id }) => id,
  );
  expect(written.length).toBeGreaterThanOrEqual(20 * KILLS);
  expect(written.filter(id => !ids.includes(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
  const verification = await ledger.verifier.verify(knex);
  expect(verification).toMatchObject({ ok: true, checked: ids.length });
  // The control: processes did seal while they lived.
  expect(verification.checkpoints).toBeGreaterThan(0);
  await ledger.stop();
  await rm(folder, { recursive: true });
});
