import { CheckOptions, CheckStep } from './Checks';

/** Checks one after the other, each with its times, told of as they come. */
export class CheckList {
  /** Those that have passed, in order */
  readonly passed: CheckStep[] = [];
  readonly #now: () => Date;
  readonly #onStep: CheckOptions['onStep'];
  #name = '';
  #startedAt = '';

  /** @param onStep - told of each when it begins and when it has passed, and waited for */
  constructor(now: () => Date, onStep: CheckOptions['onStep']) {
    this.#now = now;
    this.#onStep = onStep;
  }

  /** @param summary - what is done, until it is known what it came to */
  async begin(name: string, summary: string): Promise<void> {
    this.#name = name;
    this.#startedAt = this.#time();
    await this.#onStep?.({
      ...{ name, state: 'running', summary, evidence: [] },
      startedAt: this.#startedAt,
    });
  }

  /** What was begun last has passed. */
  async pass(summary: string, evidence: string[] = []): Promise<void> {
    const step = this.#ended('succeeded', summary, evidence);
    this.passed.push(step);
    await this.#onStep?.(step);
  }

  /** @returns that what was begun last has failed */
  failed(summary: string, evidence: string[]): CheckStep {
    return this.#ended('failed', summary, evidence);
  }

  #ended(
    state: CheckStep['state'],
    summary: string,
    evidence: string[],
  ): CheckStep {
    return {
      ...{ name: this.#name, state, summary, evidence },
      ...{ startedAt: this.#startedAt, endedAt: this.#time() },
    };
  }

  #time(): string {
    return this.#now().toISOString();
  }
}
