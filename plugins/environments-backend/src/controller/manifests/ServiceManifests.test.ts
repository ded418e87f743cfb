import { readResource } from '../../service/readResource';
import { parsePreviewSettings } from '../../service/PreviewSettings';
import { Target, targetOf } from '../Target';
import {
  ManifestProblem,
  ManifestReader,
  ServiceOfManifests,
} from './ManifestReader';
import { ServiceManifests } from './ServiceManifests';

const COMMIT = 'a'.repeat(40);
const service: ServiceOfManifests = {
  ...{ name: 'cart', from: { service: 'cart' }, port: 8080, ports: [] },
  ...{ public: true, replicas: 1, env: [] },
};

function target(
  generation: number,
  told?: { observedGeneration: number; commit: string },
): Target {
  const resource = readResource({
    metadata: {
      ...{ name: 'demo', namespace: 'environments', uid: 'u', generation },
      ...{ resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' },
    },
    spec: { type: 'preview', services: [service] },
    status: told && {
      observedGeneration: told.observedGeneration,
      services: [
        {
          ...{ name: 'cart', commit: told.commit, state: 'ready' },
          ...{ ready: 1, replicas: 1 },
        },
      ],
    },
  });
  if (!resource.spec) throw new Error(resource.problem);
  return targetOf(
    resource,
    resource.spec,
    'group:default/shop',
    parsePreviewSettings({}),
  );
}

describe('manifests of services, read beside the queue', () => {
  let now: number;
  let asked: Array<string | undefined>;
  let answer: () => Promise<never> | undefined;
  let manifests: ServiceManifests;
  let news: () => Promise<void>;

  beforeEach(() => {
    now = 0;
    asked = [];
    answer = () => undefined;
    const reader: ManifestReader = {
      async read(_target, _service, { commit }) {
        asked.push(commit);
        await answer();
        return { commit: commit ?? COMMIT, objects: [] };
      },
    };
    manifests = new ServiceManifests({ reader, now: () => now });
    let told = () => {};
    manifests.onNews(() => told());
    news = () =>
      new Promise(resolve => {
        told = resolve;
      });
  });
  afterEach(() => manifests.stop());

  it('are being read at first, and then remembered', async () => {
    const read = news();
    expect(manifests.on(target(1), service)).toMatchObject({
      state: 'reading',
    });
    await read;
    const work = { state: 'read', read: { commit: COMMIT, objects: [] } };
    expect(manifests.on(target(1), service)).toMatchObject(work);
    expect(manifests.on(target(1), service)).toMatchObject(work);
    expect(asked).toHaveLength(1);
  });

  it('stay those of the commit that was told of this state of the environment', async () => {
    const before = 'b'.repeat(40);
    const read = news();
    manifests.on(target(2, { observedGeneration: 2, commit: before }), service);
    await read;
    expect(asked).toEqual([before]);
  });

  it('are those of the newest commit where the environment’s manifest has changed', async () => {
    const read = news();
    manifests.on(
      target(3, { observedGeneration: 2, commit: 'b'.repeat(40) }),
      service,
    );
    await read;
    expect(asked).toEqual([undefined]);
  });

  it('that cannot be had are tried again after a while, and what was wrong is told until then', async () => {
    answer = () => Promise.reject(new ManifestProblem('Add an overlay.'));
    let read = news();
    manifests.on(target(1), service);
    await read;
    const failed = {
      state: 'failed',
      message: 'Add an overlay.',
      problem: true,
    };
    expect(manifests.on(target(1), service)).toMatchObject(failed);
    now = 29_999;
    manifests.on(target(1), service);
    expect(asked).toHaveLength(1);
    now = 30_000;
    answer = () => Promise.reject(new Error('The host is gone.'));
    read = news();
    expect(manifests.on(target(1), service)).toMatchObject(failed);
    await read;
    expect(manifests.on(target(1), service)).toMatchObject({
      ...{ state: 'failed', message: 'Error: The host is gone.' },
      problem: false,
    });
    expect(asked).toHaveLength(2);
  });

  it('of an environment that is gone are forgotten', async () => {
    const read = news();
    manifests.on(target(1), service);
    await read;
    manifests.forget('u');
    expect(manifests.on(target(1), service).state).toBe('reading');
  });
});
