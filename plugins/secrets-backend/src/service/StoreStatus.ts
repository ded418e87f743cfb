import { ServiceUnavailableError } from '@backstage/errors';
import { leadingTo } from '@highroad/plugin-platform-common';
import { SecretVault } from '../drivers/vault/SecretVault';
import { NoEngineError, VaultError } from '../drivers/vault/vaultErrors';

/** What is said, everywhere, while there is no store. */
export const NOT_CONNECTED =
  'No Vault is connected, so there are no secrets. Configure platform.vault: docs/reference/secrets.md.';

/** How the store is doing, in words and with what to do. */
export interface Status {
  state: 'ready' | 'not-connected' | 'sealed' | 'unreachable' | 'refused';
  message: string;
  fix?: string;
  runbook?: string;
  /** What is not as it should be, though the store answers; in words */
  warnings: string[];
}

const WITHHELD =
  'What the platform may do in Vault is not what it should be. The platform team sees here what it is; tell them.';

const FIXES = {
  sealed: 'Unseal it, or find out why it does not unseal itself.',
  unreachable: 'Look whether it runs and can be reached from here.',
  refused: 'Compare its policies and roles with platform.vault.auth.',
};

export class StoreStatus {
  readonly #vault: Pick<SecretVault, 'fingerprintKey' | 'services'> | undefined;
  readonly #warnings: () => Promise<string[]>;
  readonly #concerns: () => Promise<string[]>;

  /**
   * @param options.vault - left out where none is connected
   * @param options.warnings - what is not as it should be
   * @param options.concerns - the same, with what only whoever can mend it is to know
   */
  constructor(options: {
    vault?: Pick<SecretVault, 'fingerprintKey' | 'services'>;
    warnings?: () => Promise<string[]>;
    concerns?: () => Promise<string[]>;
  }) {
    this.#vault = options.vault;
    this.#warnings = options.warnings ?? (async () => []);
    this.#concerns = options.concerns ?? (async () => []);
  }

  /** @param canMend - whether who asks can mend what is wrong, and so is told all of it; asked where something is */
  async read(canMend: () => Promise<boolean>): Promise<Status> {
    if (!this.#vault) {
      return {
        state: 'not-connected',
        message: NOT_CONNECTED,
        fix: 'Start the sandbox, which has a Vault, with "platform sandbox start"; or write the address of yours into platform.vault.',
        warnings: [],
      };
    }
    try {
      await this.#vault.fingerprintKey();
      await this.#vault.services('_highroad');
      const [concerns, warnings] = await Promise.all([
        this.#concerns(),
        this.#warnings(),
      ]);
      const withheld = concerns.length > 0 && !(await canMend());
      return {
        ...{ state: 'ready', message: 'The store for secrets answers.' },
        warnings: [...(withheld ? [WITHHELD] : concerns), ...warnings],
      };
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      const { problem, message, runbook } = error;
      return {
        state: problem,
        message,
        fix: error instanceof NoEngineError ? error.fix : FIXES[problem],
        runbook,
        warnings: [],
      };
    }
  }
}

/** @throws ServiceUnavailableError that says what to connect */
export function notConnected(): never {
  throw leadingTo(
    'vault-does-not-answer',
    new ServiceUnavailableError(NOT_CONNECTED),
  );
}
