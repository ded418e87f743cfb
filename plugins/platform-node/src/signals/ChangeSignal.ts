import { LoggerService } from '@backstage/backend-plugin-api';
import { SignalsService } from '@backstage/plugin-signals-node';

/** Pages need not be drawn more often. */
const PACE_MS = 500;

/**
 * Tells all open pages that something changed, so that they ask at once. It does not say what: each page is answered
 * by what its reader may see.
 */
export class ChangeSignal {
  readonly #options: {
    signals: SignalsService;
    channel: string;
    logger: LoggerService;
  };
  #pacing: NodeJS.Timeout | undefined;
  #again = false;

  constructor(options: {
    signals: SignalsService;
    /** What the pages listen to */
    channel: string;
    logger: LoggerService;
  }) {
    this.#options = options;
  }

  /** Something changed. Many changes at once are told of together. */
  tell(): void {
    if (this.#pacing) {
      this.#again = true;
      return;
    }
    this.#pacing = setTimeout(() => {
      this.#pacing = undefined;
      if (!this.#again) return;
      this.#again = false;
      this.tell();
    }, PACE_MS).unref();
    const { signals, channel, logger } = this.#options;
    signals
      .publish({ recipients: { type: 'broadcast' }, channel, message: {} })
      .catch(error =>
        logger.warn(
          `Open pages were not told of a change and see it at their next look: ${error}`,
        ),
      );
  }
}
