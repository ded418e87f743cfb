import { Version } from '@highroad/plugin-deployments-common';
import { ReadStore } from '../database/ReadStore';
import {
  ImageRegistry,
  isRegistryError,
} from '@highroad/plugin-platform-node/registry';
import { Services } from '../service/Services';

/** Which versions of a service there are: those of its registry, with where each runs. */
export class Versions {
  readonly #reader: Pick<ReadStore, 'status'>;
  readonly #registry: Pick<ImageRegistry, 'listTags'>;
  readonly #services: Services;

  constructor(options: {
    reader: Pick<ReadStore, 'status'>;
    registry: Pick<ImageRegistry, 'listTags'>;
    services: Services;
  }) {
    this.#reader = options.reader;
    this.#registry = options.registry;
    this.#services = options.services;
  }

  /** @throws NotFoundError for an unknown service. That the registry cannot be read is an answer, not an error */
  async list(
    ref: string,
    options: { limit: number; signal: AbortSignal },
  ): Promise<{
    image: string;
    items: Version[];
    more: boolean;
    problem?: string;
  }> {
    const { ref: service, image } = await this.#services.get(ref);
    const running = (await this.#reader.status({ services: [service] })).filter(
      one => one.state === 'succeeded',
    );
    // The last good one and the last of all may be the same.
    const runsIn = (version: string) => [
      ...new Set(
        running
          .filter(one => one.version === version)
          .map(({ environment }) => environment)
          .sort(),
      ),
    ];
    try {
      const { items, more } = await this.#registry.listTags(image, options);
      return {
        ...{ image, more },
        items: items.map(({ tag, digest, createdAt, revision }) => ({
          version: tag,
          ...{ digest, createdAt, commit: revision, runsIn: runsIn(tag) },
        })),
      };
    } catch (error) {
      if (!isRegistryError(error)) throw error;
      const known = new Map(running.map(one => [one.version, one]));
      return {
        image,
        items: [...known.values()].map(({ version, digest, commit }) => ({
          ...{ version, digest, commit, runsIn: runsIn(version) },
        })),
        more: true,
        problem: error.message,
      };
    }
  }
}
