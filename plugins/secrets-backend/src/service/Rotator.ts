import { LoggerService } from '@backstage/backend-plugin-api';
import { DueRotation, RotationStore } from '../database/RotationStore';
import { pathOf } from '../drivers/vault/SecretPath';
import { SecretVault } from '../drivers/vault/SecretVault';
import { randomValue } from './randomValue';
import { Recorder } from './Recorder';
import { SecretService } from './SecretService';

const DAY_MS = 86_400_000;
/** How long one is a worker's alone. */
const LEASE_MS = 120_000;
const MOST_BACKOFF_MS = 3_600_000;

/** Replaces what is due by a random value. Where that fails, the old value stays and is tried again. */
export class Rotator {
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #recorder: Recorder;
  readonly #rotations: RotationStore;
  readonly #secrets: Pick<SecretService, 'set'>;
  readonly #vault: Pick<SecretVault, 'facts'>;

  constructor(options: {
    logger: LoggerService;
    now: () => Date;
    recorder: Recorder;
    rotations: RotationStore;
    secrets: Pick<SecretService, 'set'>;
    vault: Pick<SecretVault, 'facts'>;
  }) {
    this.#logger = options.logger;
    this.#now = options.now;
    this.#recorder = options.recorder;
    this.#rotations = options.rotations;
    this.#secrets = options.secrets;
    this.#vault = options.vault;
  }

  async sweep(): Promise<void> {
    const due = await this.#rotations.claim(this.#in(0), this.#in(LEASE_MS));
    for (const one of due) {
      try {
        await this.#rotate(one);
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error);
        this.#logger.error(
          `${pathOf(
            one.path,
          )} could not be rotated, and stays as it was: ${problem}`,
        );
        const wait = Math.min(MOST_BACKOFF_MS, 10_000 * 2 ** one.tries);
        await this.#rotations.failed(one, problem, this.#in(wait));
      }
    }
  }

  async #rotate(due: DueRotation): Promise<void> {
    const { path, rule } = due;
    const { service, environment, key } = path;
    const { version } = await this.#vault.facts(path);
    const from = due.fromVersion ?? version;
    if (due.fromVersion === undefined) {
      if (!(await this.#rotations.begin(due, from))) return;
    }
    // Another version is there already if a process was gone after it wrote one: it is not written twice.
    if (version === from) {
      await this.#recorder.doing(
        'rotate',
        { service, environment, keys: [key] },
        () =>
          this.#secrets.set(
            service,
            [environment],
            [
              {
                key,
                value: randomValue(rule.length, rule.alphabet),
                encoding: 'text',
                ifVersion: from,
              },
            ],
            { actor: 'plugin:secrets', how: 'rotate' },
          ),
      );
    }
    await this.#rotations.done(
      due,
      this.#in(0),
      this.#in(rule.everyDays * DAY_MS),
    );
  }

  #in(ms: number): string {
    return new Date(this.#now().getTime() + ms).toISOString();
  }
}
