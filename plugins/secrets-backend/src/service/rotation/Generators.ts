import { InputError } from '@backstage/errors';
import { nearestNames } from '@highroad/plugin-platform-common';
import {
  SecretGenerator,
  SecretGeneratorsExtensionPoint,
} from '@highroad/plugin-secrets-node';

/** What makes new values, by name. */
export class Generators implements SecretGeneratorsExtensionPoint {
  readonly #byName = new Map<string, SecretGenerator>();

  addGenerator(name: string, generator: SecretGenerator): void {
    if (this.#byName.has(name)) {
      throw new Error(`There are two generators called "${name}".`);
    }
    this.#byName.set(name, generator);
  }

  /** Whether values that were replaced are ended by it; one that is there no longer may have been such. */
  ends(name: string): boolean {
    const found = this.#byName.get(name);
    return found === undefined || found.retire !== undefined;
  }

  /** @throws InputError that names those that there are */
  get(name: string): SecretGenerator {
    const found = this.#byName.get(name);
    if (found) return found;
    const names = [...this.#byName.keys()];
    const [near] = nearestNames(name, names);
    throw new InputError(
      `generator: there is no generator of that name; ${
        near ? `did you mean "${near}"?` : `there is ${names.join(', ')}.`
      }`,
    );
  }
}
