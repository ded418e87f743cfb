import { HeldRotation } from '../../database/RotationStore';
import { VersionStore } from '../../database/VersionStore';
import { SecretPath } from '../../drivers/vault/SecretPath';
import { SecretVault } from '../../drivers/vault/SecretVault';
import { Recorder } from '../Recorder';
import { askGenerator, Told } from './askGenerator';
import { Generators } from './Generators';

/** Ends values that were replaced, as their generators do. */
export class Retirement {
  readonly #generators: Pick<Generators, 'get'>;
  readonly #recorder: Recorder;
  readonly #vault: Pick<SecretVault, 'facts' | 'read'>;
  readonly #versions: Pick<VersionStore, 'author'>;

  constructor(options: {
    generators: Pick<Generators, 'get'>;
    recorder: Recorder;
    vault: Pick<SecretVault, 'facts' | 'read'>;
    versions: Pick<VersionStore, 'author'>;
  }) {
    this.#generators = options.generators;
    this.#recorder = options.recorder;
    this.#vault = options.vault;
    this.#versions = options.versions;
  }

  /**
   * Ends the value before the newest.
   *
   * @returns false where the newest is deleted, and what is there does not say which was before it
   */
  async end(held: HeldRotation): Promise<boolean> {
    const { service, environment, key } = held.path;
    const told = await this.#told(held.path);
    if (!told) return false;
    const generator = this.#generators.get(held.rule.generator);
    await this.#recorder.doing(
      'retire',
      { service, environment, keys: [key] },
      () =>
        askGenerator(
          ...([held, told, this.#vault] as const),
          async generation => generator.retire?.(generation),
        ),
    );
    return true;
  }

  async #told(path: SecretPath): Promise<Told | undefined> {
    const { readable, version, versions } = await this.#vault.facts(path);
    if (readable) return { as: 'current', version };
    // What somebody set by hand, and deleted, was not made from the one before.
    const author = await this.#versions.author(path, version);
    const before = versions.find(one => one.version === version - 1);
    return author?.how === 'rotate' && before?.state === 'readable'
      ? { as: 'before', version: before.version }
      : undefined;
  }
}
