import { HeldRotation } from '../../database/RotationStore';
import { VersionStore } from '../../database/VersionStore';
import { SecretPath } from '../../drivers/vault/SecretPath';
import { KeyFacts, SecretVault } from '../../drivers/vault/SecretVault';
import { Recorder } from '../Recorder';
import { newestIn } from '../seenVersion';
import { askGenerator, Told } from './askGenerator';
import { Generators } from './Generators';

/** So many values that were set by hand are gone back behind: as many as Vault keeps, if it is not told another number. */
const MOST_BY_HAND = 10;

/** What came of ending a value. */
export interface Ending {
  /** What may still work all the same, in a sentence */
  left?: string;
}

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
   * @returns nothing where the newest is deleted, and what is there does not say which was before it
   */
  async end(held: HeldRotation): Promise<Ending | undefined> {
    const { service, environment, key } = held.path;
    const facts = await this.#vault.facts(held.path);
    const told = await this.#told(held.path, facts);
    if (!told) return undefined;
    const generator = this.#generators.get(held.rule.generator);
    return this.#recorder.doing(
      'retire',
      { service, environment, keys: [key] },
      async () => {
        await askGenerator(
          ...([held, told, this.#vault] as const),
          async generation => generator.retire?.(generation),
        );
        const left = facts.readable && (await this.#left(held, facts));
        return left ? { left } : {};
      },
    );
  }

  async #told(path: SecretPath, facts: KeyFacts): Promise<Told | undefined> {
    const { readable, version, versions } = facts;
    if (readable) return { as: 'current', version };
    // What somebody set by hand, and deleted, was not made from the one before.
    const author = await this.#versions.author(path, newestIn(facts));
    const before = versions.find(one => one.version === version - 1);
    return author?.how === 'rotate' && before?.state === 'readable'
      ? { as: 'before', version: before.version }
      : undefined;
  }

  /** Where somebody set another value by hand, it may be of another kind than those that were to be ended by it. */
  async #left(
    held: HeldRotation,
    facts: KeyFacts,
  ): Promise<string | undefined> {
    const { version: newest, versions } = facts;
    const { path, rule } = held;
    const generator = this.#generators.get(rule.generator);
    if (!generator.whyOver) return undefined;
    const rotated = await this.#lastRotated(path, facts);
    if (rotated === undefined || rotated === newest) return undefined;
    const current = await this.#vault.read(path, 'sync', newest);
    const works: number[] = [];
    for (const version of [rotated - 1, rotated]) {
      const isKept = versions.some(
        one => one.version === version && one.state === 'readable',
      );
      const over =
        !isKept ||
        (await askGenerator(
          ...([held, { as: 'current', version }, this.#vault] as const),
          async generation =>
            // Put back by hand, it is meant to work.
            generation.current?.reveal() === current?.value.reveal()
              ? 'It is the newest.'
              : generator.whyOver?.(generation),
        ));
      if (!over) works.push(version);
    }
    return works.length > 0
      ? `Another value was set by hand, as version ${newest}, and version ${works.join(
          ' and version ',
        )} may still work.`
      : undefined;
  }

  /** The newest version that a rotation is known to have written, if it is not long ago. */
  async #lastRotated(
    path: SecretPath,
    { version: newest, versions }: KeyFacts,
  ): Promise<number | undefined> {
    for (let version = newest; version > newest - MOST_BY_HAND; version--) {
      if (version < 1) return undefined;
      const author = await this.#versions.author(
        path,
        versions.find(one => one.version === version),
      );
      if (author?.how === 'rotate') return version;
    }
    return undefined;
  }
}
