import { ApiException, KubeConfig, VersionApi } from '@kubernetes/client-node';

/** Milliseconds after which it is asked again. */
const KEPT_MS = 60_000;

/**
 * What time it is by the API server of a cluster, which dates what is made there. The clock of the portal may be another
 * one, by minutes.
 */
export class ClusterClock {
  readonly #config: () => KubeConfig;
  readonly #elapsed: () => number;
  /** No time where the last answer had none */
  #known: { time: number | undefined; at: number } | undefined;

  /** @param options.elapsed - milliseconds since any time, by a clock that nobody sets; that of the process if left out */
  constructor(options: { config: () => KubeConfig; elapsed?: () => number }) {
    this.#config = options.config;
    this.#elapsed = options.elapsed ?? (() => performance.now());
  }

  /** To a second. That of the portal, where a proxy before the cluster takes the date out of its answers. */
  async now(): Promise<Date> {
    const at = this.#elapsed();
    if (!this.#known || at - this.#known.at > KEPT_MS) {
      const read = Date.parse(await this.#dateOfAnswer());
      const time = Number.isNaN(read) ? undefined : read;
      this.#known = { time, at: this.#elapsed() };
    }
    const { time, at: then } = this.#known;
    if (time === undefined) return new Date();
    return new Date(time + this.#elapsed() - then);
  }

  async #dateOfAnswer(): Promise<string> {
    const api = this.#config().makeApiClient(VersionApi);
    try {
      return (await api.getCodeWithHttpInfo()).headers.date ?? '';
    } catch (error) {
      // A refusal tells the time too.
      if (error instanceof ApiException) return error.headers.date ?? '';
      throw error;
    }
  }
}
