import {
  ClusterAccess,
  ClusterClient,
} from '@highroad/plugin-platform-node/kubernetes';
import { LeaderElection } from './LeaderElection';

const SERVER = { name: 'test', url: 'https://127.0.0.1:9', token: 'none' };
const DURATION_MS = 4_000;

/** A cluster that keeps one lease, answers at once or after a while, and may refuse everything. */
class LeaseCluster extends ClusterClient {
  refuses = false;
  takesMs = 0;
  /** When it was asked, in milliseconds */
  readonly askedAt: number[] = [];
  #version = 0;

  constructor() {
    super({ config: new ClusterAccess([SERVER]).config('test') });
  }

  override async find() {
    return this.#version === 0 ? undefined : this.#answer();
  }

  override async create() {
    return this.#answer();
  }

  override async patch() {
    return this.#answer();
  }

  async #answer() {
    this.askedAt.push(Date.now());
    const { refuses } = this;
    await new Promise(resolve => setTimeout(resolve, this.takesMs));
    if (refuses) throw new Error('connection refused');
    this.#version += 1;
    return {
      ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' as const },
      metadata: { name: 'lease', resourceVersion: `${this.#version}` },
      spec: { holderIdentity: 'me' },
    };
  }
}

describe('the holder of a lease', () => {
  let cluster: LeaseCluster;
  let election: LeaderElection;
  let troubles: string[];
  let endedAt: number | undefined;

  beforeEach(async () => {
    jest.useFakeTimers({ now: 0 });
    cluster = new LeaseCluster();
    troubles = [];
    endedAt = undefined;
    election = new LeaderElection({
      ...{ client: cluster, name: 'lease', namespace: 'home', identity: 'me' },
      ...{ hasSurelyEnded: () => false, now: () => new Date() },
      durationMs: DURATION_MS,
      onTrouble: error => troubles.push(String(error)),
    });
    election.start({
      begin: () => {},
      end: async () => {
        endedAt = Date.now();
      },
    });
    await jest.advanceTimersByTimeAsync(1);
  });
  afterEach(async () => {
    const stopped = election.stop();
    await jest.advanceTimersByTimeAsync(10_000);
    await stopped;
    jest.useRealTimers();
  });

  /** From now on the cluster refuses everything. @returns when it was asked for what it last took, in milliseconds */
  const refusing = async () => {
    await jest.advanceTimersByTimeAsync(2_000);
    const at = cluster.askedAt.at(-1) ?? NaN;
    cluster.refuses = true;
    cluster.askedAt.splice(0);
    return at;
  };

  it('renews it five times while it would last', async () => {
    expect(election.leading).toBe(true);
    cluster.askedAt.splice(0);
    await jest.advanceTimersByTimeAsync(DURATION_MS);
    expect(cluster.askedAt).toHaveLength(5);
    expect(troubles).toEqual([]);
  });

  it('asks a cluster that refuses it a few times only, until it is not safe to go on', async () => {
    const good = await refusing();
    await jest.advanceTimersByTimeAsync(DURATION_MS);
    expect(endedAt).toBeGreaterThanOrEqual(good + 2_400);
    expect(endedAt).toBeLessThan(good + 3_300);
    const whileLeading = cluster.askedAt.filter(at => at <= (endedAt ?? 0));
    expect(whileLeading.length).toBeLessThanOrEqual(5);
    expect(troubles.length).toBeLessThanOrEqual(8);
  });

  it('stops in time also where the last try was refused just before that', async () => {
    const good = await refusing();
    cluster.takesMs = 1_000;
    await jest.advanceTimersByTimeAsync(2_000);
    cluster.takesMs = 0;
    await jest.advanceTimersByTimeAsync(DURATION_MS);
    const before = cluster.askedAt.filter(at => at < good + 3_190).at(-1);
    expect(before).toBeGreaterThan(good + 2_800);
    expect(endedAt).toBeGreaterThanOrEqual(good + 2_400);
    expect(endedAt).toBeLessThan(good + 3_300);
  });

  it('goes on with it where the cluster takes it again before that', async () => {
    await refusing();
    await jest.advanceTimersByTimeAsync(1_500);
    expect(troubles).not.toEqual([]);
    cluster.refuses = false;
    await jest.advanceTimersByTimeAsync(2 * DURATION_MS);
    expect(endedAt).toBeUndefined();
    expect(election.leading).toBe(true);
  });
});

/** A cluster whose lease another process holds, which was killed. */
class AbandonedLease extends LeaseCluster {
  takenAt: number | undefined;
  readonly #lease = {
    ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' as const },
    metadata: { name: 'lease', resourceVersion: '7' },
    spec: { holderIdentity: 'other', leaseDurationSeconds: DURATION_MS / 1000 },
  };

  override async find() {
    return this.#lease;
  }

  override async patch() {
    this.takenAt ??= Date.now();
    return super.patch();
  }
}

describe('whoever comes after a holder that was killed', () => {
  const take = async (prepareMs: number) => {
    const cluster = new AbandonedLease();
    const election = new LeaderElection({
      ...{ client: cluster, name: 'lease', namespace: 'home', identity: 'me' },
      ...{ hasSurelyEnded: () => false, now: () => new Date() },
      durationMs: DURATION_MS,
      onTrouble: () => {},
    });
    await election.look();
    await jest.advanceTimersByTimeAsync(prepareMs);
    election.start({ begin: () => {}, end: async () => {} });
    await jest.advanceTimersByTimeAsync(2 * DURATION_MS);
    const stopped = election.stop();
    await jest.advanceTimersByTimeAsync(DURATION_MS);
    await stopped;
    return cluster.takenAt;
  };

  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it.each([0, 1_500])(
    'waits for the lease from when it first looked at it, though it needed %s ms to get ready',
    async prepareMs => {
      const takenAt = await take(prepareMs);
      expect(takenAt).toBeGreaterThan(DURATION_MS);
      expect(takenAt).toBeLessThan(DURATION_MS + 50);
    },
  );
});
