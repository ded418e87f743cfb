import { SecretValue } from '@highroad/plugin-platform-common';

/** What a rotation says to its generator, as it was accepted by {@link SecretGenerator.accept}. */
export type Settings = Record<string, string | number | boolean>;

/** The key whose value is to be replaced. */
export interface Generation {
  /** Reference of the service, such as `component:default/cart` */
  service: string;
  environment: string;
  key: string;
  settings: Settings;
  /** The value as it stands now; nothing where it was deleted */
  current: SecretValue | undefined;
  /** To end it, where `current` was deleted: the value that `current` was made from */
  before?: SecretValue;
  /**
   * Larger for each worker that takes the key over from another. One that was slow, and does not know yet that it lost the key, has a
   * smaller one: a server that remembers the largest refuses what comes with less.
   */
  fence: number;
  /** Aborted after a minute. What has not ended five seconds later is not waited for: it failed, and nothing is kept of it */
  signal: AbortSignal;
}

/** Makes new values for one kind of secret. */
export interface SecretGenerator {
  /**
   * Looks at the settings of a rotation when it is made.
   *
   * @returns them with what was left out
   * @throws InputError naming the setting and what it may be
   */
  accept(settings: Settings): Settings;

  /**
   * Makes a value that works as soon as this returns, while `current` goes on working. It may be called again before its
   * value was kept, also by another process: what the call before left must then not matter. Calls for one key do not
   * overlap, but where one does not heed its `signal`, or a process stood still for longer than others wait for it: `fence`
   * tells whose comes late.
   *
   * @throws Error that says in words what is wrong, and holds no secret
   */
  make(generation: Generation): Promise<SecretValue>;

  /**
   * Has `current` work, which a call of {@link make} made, where a later call may have put another in its place that was not
   * kept. Done before a value counts as replaced that another worker wrote, which may as well be one that somebody wrote by
   * hand: what {@link make} did not make is left alone, and is no error. A generator whose values work side by side does
   * without it.
   */
  confirm?(generation: Generation): Promise<void>;

  /**
   * Asked before somebody puts `current` back, which is an earlier value: whether nobody is let in by it any more, as after it was
   * ended. A generator without it makes values that can always be put back.
   *
   * @returns why not, in a sentence that holds no value; nothing where it works, or where that cannot be told
   */
  whyOver?(generation: Generation): Promise<string | undefined>;

  /**
   * Ends what is not `current`, once nothing uses it any more; where that was deleted, `before` is told instead, and what was
   * made from it stays, so that it can be put back. A generator without it makes values that nobody else has to accept.
   */
  retire?(generation: Generation): Promise<void>;
}
