import { KubeConfig } from '@kubernetes/client-node';
import { EventEmitter, on, once } from 'node:events';
import {
  ClusterClient,
  Kind,
  KubernetesObject,
} from '@highroad/plugin-platform-node/kubernetes';
import { OwnedObjects } from './OwnedObjects';

/** A cluster whose watch is faster than its answers. */
class QuickWatch extends ClusterClient {
  readonly #events = new EventEmitter();
  /** What its watch shows of an object before that is answered to have been written */
  shows: KubernetesObject[] = [];
  /** What it makes of what is written */
  makes = (object: KubernetesObject) => object;
  applied = 0;

  constructor() {
    super({ config: new KubeConfig() });
    this.#events.setMaxListeners(50);
  }

  override async list() {
    return { items: [], resourceVersion: '1' };
  }

  override async watch(kind: Kind, { signal }: { signal: AbortSignal }) {
    return firstOf(on(this.#events, kind, { signal }));
  }

  override async apply(object: KubernetesObject): Promise<KubernetesObject> {
    const seen = once(this.#events, 'seen');
    for (const shown of this.shows) {
      this.#events.emit(object.kind, { type: 'ADDED', object: shown });
    }
    if (this.shows.length > 0) await seen;
    this.applied += 1;
    return versioned(this.makes(object), '5');
  }

  /** Told by whoever reads what the watch shows. */
  saw(): void {
    this.#events.emit('seen');
  }
}

async function* firstOf(emitted: AsyncIterable<unknown[]>) {
  for await (const [event] of emitted) yield event;
}

const service: KubernetesObject = {
  ...{ apiVersion: 'v1', kind: 'Service' },
  metadata: {
    ...{ name: 'api', namespace: 'env-one' },
    labels: {
      'platform.myorg.com/environment-home': 'environments',
      'platform.myorg.com/environment-name': 'one',
    },
  },
};

function versioned(
  object: KubernetesObject,
  resourceVersion: string,
): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion } };
}

describe('what was just written', () => {
  let client: QuickWatch;
  let owned: OwnedObjects;
  const version = () =>
    owned.get('Service', 'api', 'env-one')?.metadata.resourceVersion;

  beforeEach(async () => {
    client = new QuickWatch();
    owned = new OwnedObjects({
      ...{ client, now: () => 0, jitter: () => 0 },
      onTrouble: error => {
        throw error;
      },
    });
    let seen = 0;
    owned.onChange(() => {
      seen += 1;
      if (seen === client.shows.length) client.saw();
    });
    owned.start();
    // Watches begin after their lists.
    await new Promise(resolve => setImmediate(resolve));
  });
  afterEach(() => owned.stop());

  it('is read until the watch shows it', async () => {
    await owned.ensure(service);
    expect(version()).toBe('5');
  });

  it('is written once, also where the cluster keeps it in other words', async () => {
    client.makes = object => ({ ...object, spec: { ports: [] } });
    await owned.ensure({ ...service, spec: { ports: [], type: '' } });
    await owned.ensure({ ...service, spec: { ports: [], type: '' } });
    expect(client.applied).toBe(1);
    await owned.ensure({ ...service, spec: { ports: [], type: 'x' } });
    expect(client.applied).toBe(2);
  });

  it('is not preferred to what a watch has shown of it before the answer came', async () => {
    client.shows = [versioned(service, '5'), versioned(service, '6')];
    await owned.ensure(service);
    expect(version()).toBe('6');
  });
});
