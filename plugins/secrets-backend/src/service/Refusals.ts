import { VaultError } from '../drivers/vault/vaultErrors';

/** Keys that Vault refuses, while it gives others. */
export class Refusals {
  readonly #errors = new Map<string, VaultError>();

  add(key: string, error: VaultError): void {
    this.#errors.set(key, error);
  }

  keys(): string[] {
    return [...this.#errors.keys()];
  }

  /** @returns by key, why, and what helps, in words */
  words(): Map<string, string> {
    return new Map(
      [...this.#errors].map(([key, { message }]) => [key, message]),
    );
  }

  /**
   * @param all - keys that there are, also those that need not be asked for
   * @throws VaultError where it refused all of them: then it is not about some keys
   */
  tellIfAll(all: string[]): void {
    const [first] = this.#errors.values();
    if (first && this.#errors.size === all.length) throw first;
  }
}

/** @returns the error itself, where Vault refuses this; throws any other */
export function ifRefused(error: unknown): VaultError {
  if (error instanceof VaultError && error.problem === 'refused') return error;
  throw error;
}
