import {
  describeWithSandbox,
  SandboxNeed,
  TestSandbox,
} from '@highroad/sandbox/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killEverywhere, Trial } from './killEverywhere';
import { Around, MortalPlace } from './MortalPlace';

/**
 * A suite of portals that are killed. What they leave is taken away when it ends.
 *
 * @param tests - given what kills a portal in some work, at one of its calls or at each, and looks at what came of it
 */
export function describeKilled(
  name: string,
  needs: SandboxNeed[],
  tests: (sweep: (trial: Trial) => Promise<void>, sandbox: TestSandbox) => void,
): void {
  describeWithSandbox(name, ['cluster', 'vault', ...needs], sandbox => {
    let around: Around;
    const places: MortalPlace[] = [];

    beforeAll(async () => {
      around = {
        cluster: await sandbox.cluster(),
        newVault: () => sandbox.vault(),
        folder: await mkdtemp(join(tmpdir(), 'highroad-killed-')),
        ...(needs.includes('postgres') && {
          postgresUrl: sandbox.connection.postgres.url,
        }),
        waiting: [],
      };
    });
    afterAll(async () => {
      for (const portal of around.waiting) await portal.kill();
      for (const place of places) await place.cleanUp();
      if (places.length > 0) {
        await around.cluster.kubectl([
          ...['delete', 'namespace', ...places.map(one => one.namespace)],
          ...['--wait=false', '--ignore-not-found'],
        ]);
      }
      await rm(around.folder, { recursive: true, force: true });
    }, 120_000);

    tests(async trial => {
      const where = await killEverywhere(around, trial, place =>
        places.push(place),
      );
      expect(where.filter(one => one.includes('undefined'))).toEqual([]);
    }, sandbox);
  });
}
