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
  /** Aborted when it takes too long */
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
   * value was kept, also by another process: what the call before left must then not matter. Calls for one key never
   * overlap.
   *
   * @throws Error that says in words what is wrong, and holds no secret
   */
  make(generation: Generation): Promise<SecretValue>;

  /**
   * Ends what is not `current`, once nothing uses it any more; where that was deleted, `before` is told instead, and what was
   * made from it stays, so that it can be put back. A generator without it makes values that nobody else has to accept.
   */
  retire?(generation: Generation): Promise<void>;
}
