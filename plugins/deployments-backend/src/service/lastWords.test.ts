import { TestDatabases } from '@backstage/backend-test-utils';
import { Deployment, Step } from '@highroad/plugin-deployments-common';
import { Knex } from 'knex';
import {
  ANNA,
  BROKEN,
  FakeCluster,
  migrate,
  READY,
  STAGING,
  WAITING,
  world,
} from '../__testUtils__/world';

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const once = { supersede: false };
const WORDS = ['cart-abc-1: Unhealthy: Readiness probe failed', 'no orders'];

describe('what a deployment that fails keeps of its pods', () => {
  let db: Knex;
  let cluster: FakeCluster;
  const stops: Array<() => Promise<void>> = [];

  beforeEach(async () => {
    db = await databases.init('SQLITE_3');
    await migrate(db);
    cluster = new FakeCluster();
    cluster.lastWords = async () => {
      // Those of what is put back are not those of what failed.
      expect(cluster.versions.at(-1)).toBe('2.0.0');
      return WORDS;
    };
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    await db.destroy();
  });

  /** A second version that is looked at as it goes on. */
  const secondOf = async (
    staging: object,
    seeing: (told: string) => void = () => {},
    speed = 100,
  ): Promise<Deployment & { steps: Step[] }> => {
    const began = Date.now();
    const made = world(db, {
      ...{ cluster, staging },
      now: () => new Date(began + (Date.now() - began) * speed),
    });
    const worker = made.newWorker();
    worker.start();
    stops.push(() => worker.stop());
    const deploy = (version: string) =>
      made.service.deploy(STAGING, version, ANNA, once);
    await made.ended((await deploy('1.0.0')).id);
    const { id } = await deploy('2.0.0');
    let seen = await made.service.get(id);
    while (!['succeeded', 'failed'].includes(seen.state)) {
      seeing(seen.summary);
      seen = await made.service.get(id, { after: seen.revision });
    }
    return made.service.get(id);
  };

  it('is what they say when they are not ready in time', async () => {
    cluster.looks['2.0.0'] = WAITING;
    const failed = await secondOf({ progressDeadlineSeconds: 60 });
    expect(failed.summary).toMatch(/^Not ready within 60 seconds/);
    expect(failed.steps.at(-1)).toMatchObject({
      ...{ name: 'ready', state: 'failed', evidence: WORDS },
    });
  });

  it('is what they say when the cluster gives them up, behind what it says', async () => {
    cluster.looks['2.0.0'] = { ...BROKEN, evidence: ['The deadline is over'] };
    const failed = await secondOf({});
    expect(failed.steps.at(-1)).toMatchObject({
      ...{ name: 'ready', evidence: ['The deadline is over', ...WORDS] },
    });
  });

  it('is what they say when containers are started again while they are watched', async () => {
    const failed = await secondOf({ watchSeconds: 60 }, told => {
      if (!told.includes('watched until')) return;
      cluster.looks['2.0.0'] = {
        ...READY,
        pods: { hashes: ['abc'], restarts: 1 },
      };
    });
    expect(failed.summary).toMatch(/^Containers were started again/);
    expect(failed.steps.at(-1)).toMatchObject({
      ...{ name: 'watch', state: 'failed', evidence: WORDS },
    });
  });

  it('is what they say when they are not ready any more', async () => {
    const settings = { watchSeconds: 30, progressDeadlineSeconds: 60 };
    const failed = await secondOf(settings, told => {
      if (told.includes('watched until')) cluster.looks['2.0.0'] = WAITING;
    });
    expect(failed.summary).toMatch(/^Not ready any more/);
    expect(failed.steps.at(-1)).toMatchObject({
      ...{ name: 'watch', state: 'failed', evidence: WORDS },
    });
  });

  it.each([
    ['does not answer', () => new Promise<never>(() => {})],
    [
      'refuses',
      async () => {
        throw new Error('the log of TOKEN=abcdef123456 is forbidden');
      },
    ],
  ])(
    'is that they could not be asked where the cluster %s, and what ran before is put back',
    async (_, answer) => {
      cluster.looks['2.0.0'] = BROKEN;
      cluster.lastWords = answer;
      const began = Date.now();
      const failed = await secondOf({}, undefined, 1);
      expect(Date.now() - began).toBeLessThan(10_000);
      expect(failed.summary).toMatch(/1\.0\.0 is put back/);
      const { evidence } = failed.steps[failed.steps.length - 1];
      expect(evidence).toEqual([
        ...BROKEN.evidence,
        expect.stringMatching(/^Its pods could not be asked why: /),
      ]);
      expect(evidence.join()).not.toContain('abcdef123456');
    },
  );
});
