import { TestDatabases } from '@backstage/backend-test-utils';
import { EngineRefusedError } from '@highroad/plugin-deployments-node';
import { eachOnItsDatabase } from '../__testUtils__/eachOnItsDatabase';
import {
  ANNA,
  BROKEN,
  FakeCluster,
  STAGING,
  world,
} from '../__testUtils__/world';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const SCALED =
  'Deployment cart .spec.replicas: conflict with "kubectl" using apps/v1';

describe.each(databases.eachSupportedId())(
  'what somebody else manages, on %s',
  databaseId => {
    const { db, stops } = eachOnItsDatabase(databases, databaseId);

    const start = () => {
      const cluster = new FakeCluster();
      const made = world(db(), { cluster });
      const worker = made.newWorker();
      worker.start();
      stops.push(() => worker.stop());
      const { service, ended } = made;
      return {
        ...{ cluster, service, ended },
        deploy: async (version: string, options = {}) => {
          const asked = { supersede: false, ...options };
          const { id } = await service.deploy(STAGING, version, ANNA, asked);
          return ended(id);
        },
      };
    };
    const taken = {
      name: 'conflicts',
      state: 'succeeded',
      summary: 'Takes over a field',
      evidence: [SCALED],
    };

    it('refuses a deployment before anything is written, so that nothing has to be put back', async () => {
      const { deploy, cluster } = start();
      await deploy('1.0.0');
      cluster.conflicts = [SCALED];
      const refused = await deploy('2.0.0');
      expect(refused).toMatchObject({
        state: 'failed',
        summary:
          'Somebody else manages a field of what was to be applied. Take them over (--take-over), let go of them, or take them out of the manifests.',
        ...{ undoneBy: undefined, refusal: 'field-conflict' },
      });
      expect(refused.steps.at(-1)).toMatchObject({
        ...{ name: 'conflicts', state: 'failed', evidence: [SCALED] },
      });
      expect(cluster.versions).toEqual(['1.0.0']);
    });

    it('is named in a deployment that the cluster refuses for it later', async () => {
      const { deploy, cluster } = start();
      cluster.before = call => {
        if (call !== 'apply') return;
        throw new EngineRefusedError('It is taken.', 'field-conflict');
      };
      expect(await deploy('1.0.0')).toMatchObject({
        ...{ state: 'failed', refusal: 'field-conflict' },
      });
      cluster.before = call => {
        if (call === 'apply') throw new EngineRefusedError('It is too much.');
      };
      const other = await deploy('1.0.0');
      expect(other.state).toBe('failed');
      expect(other.refusal).toBeUndefined();
    });

    it('is taken where that was asked for, which stands in the deployment with what was taken', async () => {
      const { deploy, cluster } = start();
      await deploy('1.0.0');
      cluster.conflicts = [SCALED];
      const done = await deploy('2.0.0', { takeOver: true });
      expect(done).toMatchObject({ state: 'succeeded', takeOver: true });
      expect(done.steps).toContainEqual(expect.objectContaining(taken));
      expect(cluster.versions).toEqual(['1.0.0', '2.0.0']);
      expect((await deploy('3.0.0')).takeOver).toBeUndefined();
    });

    it('is taken by a rollback, by the platform’s own too, unless it is told not to', async () => {
      const { deploy, cluster, service, ended } = start();
      await deploy('1.0.0');
      await deploy('2.0.0');
      cluster.looks['3.0.0'] = BROKEN;
      cluster.before = call => {
        if (call === 'applied' && cluster.versions.at(-1) === '3.0.0') {
          cluster.conflicts = [SCALED];
        }
      };
      const { undoneBy } = await deploy('3.0.0');
      const own = await ended(String(undoneBy));
      expect(own).toMatchObject({ state: 'succeeded', takeOver: true });
      expect(own.steps).toContainEqual(expect.objectContaining(taken));

      cluster.conflicts = [SCALED];
      const no = await service.rollback(STAGING, undefined, {
        ...ANNA,
        takeOver: false,
      });
      expect(await ended(no.id)).toMatchObject({ state: 'failed' });
      const yes = await service.rollback(STAGING, undefined, ANNA);
      expect(await ended(yes.id)).toMatchObject({
        ...{ state: 'succeeded', version: '1.0.0', takeOver: true },
      });
    });
  },
);
