import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { ClusterClient } from '@highroad/plugin-platform-node/kubernetes';
import { waitFor } from '@highroad/plugin-platform-node';
import { EnvironmentCluster } from '../service/KubernetesEnvironmentResources';
import { OwnedObjects } from './OwnedObjects';
import { RunningController } from './startController';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** What is known of the cluster, also of what environments consist of. */
export interface ControlledCluster extends EnvironmentCluster {
  owned: Pick<OwnedObjects, 'get' | 'of'>;
}

/**
 * The controller of the cluster that is configured: begun when that answers, however long it takes. Until then, and where
 * none is configured, it is said what is missing.
 */
export class EnvironmentController {
  readonly #start: (client: ClusterClient) => Promise<RunningController>;
  readonly #client: (() => ClusterClient) | undefined;
  readonly #logger: LoggerService;
  readonly #jitter: () => number;
  #missing: string;
  #connected: ControlledCluster | undefined;
  #running: RunningController | undefined;
  #ended = new AbortController();
  #loop: Promise<void> | undefined;

  /**
   * @param options.client - left out where no cluster is configured
   * @param options.missing - what is missing then
   */
  constructor(options: {
    client?: () => ClusterClient;
    missing: string;
    start: (client: ClusterClient) => Promise<RunningController>;
    logger: LoggerService;
    jitter: () => number;
  }) {
    this.#client = options.client;
    this.#missing = options.missing;
    this.#start = options.start;
    this.#logger = options.logger;
    this.#jitter = options.jitter;
  }

  cluster(): ControlledCluster | { missing: string } {
    if (!this.#connected) return { missing: this.#missing };
    // An empty cluster and one that was not read yet are not the same.
    if (!this.#connected.environments.synced) {
      return {
        missing:
          'The cluster of environments is being read; try again in a moment.',
      };
    }
    return this.#connected;
  }

  start(): void {
    const client = this.#client;
    if (!client) return;
    this.#ended = new AbortController();
    this.#loop = this.#connect(client, this.#ended.signal);
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#loop;
    await this.#running?.stop();
    this.#running = undefined;
    this.#connected = undefined;
  }

  async #connect(
    makeClient: () => ClusterClient,
    signal: AbortSignal,
  ): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      let client: ClusterClient | undefined;
      try {
        client = makeClient();
        const running = await this.#start(client);
        this.#running = running;
        const { environments, owned } = running;
        this.#connected = { client, environments, owned };
        return;
      } catch (error) {
        client?.close();
        const why = stringifyError(error);
        if (pause === FIRST_PAUSE_MS) {
          this.#logger.warn(`Environments have no cluster yet: ${why}`);
        }
        this.#missing = `The cluster of environments does not answer: ${why}. See docs/runbooks/environments-not-connected.md.`;
        await waitFor(pause * (0.5 + this.#jitter() / 2), signal);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    }
  }
}
