import { SecretPath } from '../../drivers/vault/SecretPath';
import { Followers } from './Rotator';

/** Whoever is to have the newest value, of several kinds. */
export class EveryFollower implements Followers {
  readonly #kinds: Followers[];

  constructor(...kinds: Followers[]) {
    this.#kinds = kinds;
  }

  async behind(path: SecretPath): Promise<string | undefined> {
    for (const kind of this.#kinds) {
      const behind = await kind.behind(path);
      if (behind) return behind;
    }
    return undefined;
  }
}
