import { LoggerService } from '@backstage/backend-plugin-api';
import {
  ImageNotFoundError,
  ImageRegistry,
  isRegistryError,
  parseImageReference,
  RegistrySettings,
} from '@highroad/plugin-platform-node/registry';
import { Images } from '../../controller/Images';

/** What was there is not asked for again for this long, in milliseconds: tags are seldom removed. */
const THERE_MS = 600_000;
/** A registry that could not say is left alone for this long. */
const UNKNOWN_MS = 30_000;
/** What was missing may have been pushed a moment later. */
const MISSING_MS = 2_000;
/** For whoever follows a tag: it may have been moved since. */
const FOLLOWED_MS = 20_000;
const MOST_REMEMBERED = 5_000;

interface Answer {
  state: 'there' | 'missing' | 'unknown';
  digest?: string;
}

const LASTS: Record<Answer['state'], number> = {
  there: THERE_MS,
  unknown: UNKNOWN_MS,
  missing: MISSING_MS,
};

/** Asks the registries that the configuration names; of any other nothing is known. */
export class RegistryImages implements Images {
  readonly #registry: Pick<ImageRegistry, 'resolve'>;
  readonly #settings: Pick<RegistrySettings, 'knows'>;
  readonly #logger: Pick<LoggerService, 'warn'>;
  readonly #now: () => number;
  readonly #answers = new Map<
    string,
    { answer: Promise<Answer>; at: number }
  >();

  constructor(options: {
    registry: Pick<ImageRegistry, 'resolve'>;
    settings: Pick<RegistrySettings, 'knows'>;
    logger: Pick<LoggerService, 'warn'>;
    now: () => number;
  }) {
    this.#registry = options.registry;
    this.#settings = options.settings;
    this.#logger = options.logger;
    this.#now = options.now;
  }

  async look(image: string): Promise<Answer['state']> {
    return (await this.#answerOn(image, THERE_MS)).state;
  }

  async digestOf(image: string): Promise<string | undefined> {
    return (await this.#answerOn(image, FOLLOWED_MS)).digest;
  }

  /** @param thereMs - how long it is believed that an image is there and what it is */
  async #answerOn(image: string, thereMs: number): Promise<Answer> {
    const known = this.#answers.get(image);
    if (known) {
      const lasts = Math.min(LASTS[(await known.answer).state], thereMs);
      if (this.#now() - known.at < lasts) return known.answer;
    }
    const again = this.#answers.get(image);
    // Somebody else has asked meanwhile.
    if (again && again !== known) return again.answer;
    const asked = { answer: this.#ask(image), at: this.#now() };
    this.#answers.delete(image);
    this.#answers.set(image, asked);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > MOST_REMEMBERED) this.#answers.delete(oldest);
    return asked.answer;
  }

  async #ask(image: string): Promise<Answer> {
    try {
      const { registry } = parseImageReference(image);
      if (!this.#settings.knows(registry)) return { state: 'unknown' };
      const { digest } = await this.#registry.resolve(image);
      return { state: 'there', digest };
    } catch (error) {
      if (error instanceof ImageNotFoundError) return { state: 'missing' };
      if (isRegistryError(error)) {
        this.#logger.warn(
          `It can't be told whether the image ${image} is there: ${error.message}`,
        );
      }
      // What is no reference to an image is refused by the cluster, in its own words.
      return { state: 'unknown' };
    }
  }
}
