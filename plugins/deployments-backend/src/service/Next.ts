import {
  Deployment,
  EndState,
  Step,
} from '@highroad/plugin-deployments-common';
import { Requested } from '../database/RequestStore';
import { Change } from '../database/WorkStore';
import { Found, numbered, numberedAnew } from './steps';

export type { Found } from './steps';

/** What a look at a deployment came to. */
export type Next =
  | { kind: 'change'; change: Change }
  | {
      kind: 'end';
      state: EndState;
      summary: string;
      steps?: Step[];
      deployment?: Partial<Deployment>;
      then?: Requested;
    };

/** Writes steps at once, in the middle of a look that may take long. Never throws: what is lost shows at the end of it. */
export type Note = (steps: Step[]) => Promise<void>;

/** Writes what comes next with the time that it is. */
export class Clock {
  readonly #id: string;
  readonly #now: () => Date;

  /** @param id - of the process that goes by it: another one's may be far from it */
  constructor(now: () => Date, id: string) {
    this.#id = id;
    this.#now = now;
  }

  /** That it is looked at now, and by whose clock that is said. */
  looked(): { lookedAt: string; lookedBy: string } {
    return { lookedAt: this.now(), lookedBy: this.#id };
  }

  /** ISO 8601 */
  now(): string {
    return this.in(0);
  }

  /** ISO 8601 */
  in(ms: number): string {
    return new Date(this.#now().getTime() + ms).toISOString();
  }

  /** @param afterMs - when to look again */
  change(change: Omit<Change, 'dueAt'>, afterMs = 0): Next {
    return { kind: 'change', change: { ...change, dueAt: this.in(afterMs) } };
  }

  steps(before: Step[], found: Found[]): Step[] {
    return numbered(before, found, this.now());
  }

  /** Of what is done again from its beginning as often as it has to be. */
  stepsAnew(before: Step[], found: Found[]): Step[] {
    return numberedAnew(before, found, this.now());
  }
}
