import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { PolicyDecision } from '@backstage/plugin-permission-common';
import { JsonObject } from '@backstage/types';
import {
  AuditActor,
  Door,
  Operation,
  Operations,
  Target,
} from '@highroad/plugin-platform-common';
import { z } from 'zod';

/** One call of an operation, checked and allowed. */
export interface Call<I = unknown> {
  input: I;
  credentials: BackstageCredentials;
  actor: AuditActor;
  door: Door;
  /** Ties together what belongs to this call, in records and logs */
  correlation: string;
  /** Aborts when the caller has gone */
  signal: AbortSignal;
  /** For a filtered operation, what may be seen; otherwise ALLOW */
  decision: PolicyDecision;
  /**
   * Which of the resources that a filtered list is about may be seen: references of what its permission is decided on.
   *
   * @param references - gives those that there are, each once; is called only where something has to be left out
   * @returns `undefined` where all may be seen
   */
  visible(references: () => Promise<string[]>): Promise<string[] | undefined>;
  /** Adds to the record of this call, when it ends. Takes no secrets: the compiler refuses them. */
  note(meta: JsonObject): void;
}

/** What an operation answers with: its output, or for one that streams, pieces of text. */
type Answer<T extends Operation> = z.input<T['output']> | AsyncIterable<string>;

/** What does the work of an operation. */
export interface Implementation<T extends Operation = Operation> {
  /**
   * What the call is about, where the input alone does not say it. Runs before the rights are checked, so it must not
   * have an effect, nor say more than who is signed in may read.
   */
  target?(
    input: z.output<T['input']>,
    credentials: BackstageCredentials,
  ): Promise<Target>;
  handle(call: Call<z.output<T['input']>>): Promise<Answer<T>>;
}

export type Implementations<T extends Operations> = {
  [K in keyof T]: Implementation<T[K]>;
};
