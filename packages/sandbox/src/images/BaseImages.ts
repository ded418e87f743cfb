import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Buildah } from './Buildah';
import { basesOf } from './dockerfile';
import { ImageShelf, ShelvedImage } from './ImageShelf';
import { gather } from './ingredients';
import { Recipe, recipeDigest, recipeFor } from './recipes';

/** Says by which recipe an image was made. */
const LABEL = 'dev.highroad.sandbox.recipe';

export interface BaseImagesOptions {
  buildah: Buildah;
  /** Path of mmdebstrap */
  mmdebstrap: string;
  /** Folder of the sandbox's cache */
  cache: string;
}

export interface Doing {
  /** What is being done, in a few words; once for each image that is not there yet */
  onProgress?: (progress: {
    image: string;
    doing: 'making' | 'loading';
  }) => void;
  /** Each line of the tools' output */
  onLine?: (line: string) => void;
  signal?: AbortSignal;
}

/** Makes the images that others begin with, once, and keeps them. Only inside `buildah.exclusively`. */
export class BaseImages {
  readonly #options: BaseImagesOptions;
  readonly #shelf: ImageShelf;

  constructor(options: BaseImagesOptions) {
    this.#options = options;
    this.#shelf = new ImageShelf(options.cache);
  }

  /**
   * Has an image in the storage under its name, made by its recipe if need be.
   *
   * @returns undefined for an image that has no recipe
   */
  async ensure(
    name: string,
    doing: Doing = {},
  ): Promise<ShelvedImage | undefined> {
    const recipe = recipeFor(name);
    if (!recipe) return undefined;
    const { buildah } = this.#options;
    const digest = digestOf(recipe);
    const present = await this.#shelf.find(recipe.name, digest);
    if (!present) return this.#make(recipe, digest, doing);
    if ((await buildah.label(recipe.name, LABEL)) === digest) return present;
    doing.onProgress?.({ image: recipe.name, doing: 'loading' });
    const id = await buildah.run(
      ['pull', '--quiet', `oci-archive:${present.archive}`],
      { signal: doing.signal },
    );
    await buildah.run(['tag', id.trim(), recipe.name]);
    return present;
  }

  async #make(
    recipe: Recipe,
    digest: string,
    doing: Doing,
  ): Promise<ShelvedImage> {
    const { buildah, cache, mmdebstrap } = this.#options;
    for (const base of basesOf(recipe.dockerfile).images)
      await this.ensure(base, doing);
    doing.onProgress?.({ image: recipe.name, doing: 'making' });
    const { name, note } = recipe;
    return this.#shelf.put({ name, note, digest }, async (archive, work) => {
      await gather(recipe.ingredients, work, { cache, mmdebstrap, ...doing });
      await writeFile(join(work, 'Dockerfile'), recipe.dockerfile);
      await buildah.run(
        [
          'build',
          '--layers=false',
          '--pull=never',
          '--isolation=chroot',
          '--network=host',
          `--label=${LABEL}=${digest}`,
          `--label=org.opencontainers.image.description=${note}`,
          `--tag=${name}`,
          work,
        ],
        { onLine: doing.onLine, signal: doing.signal },
      );
      await buildah.run(['push', '--quiet', name, `oci-archive:${archive}`], {
        signal: doing.signal,
      });
    });
  }
}

function digestOf(recipe: Recipe): string {
  const based = basesOf(recipe.dockerfile).images.map(name => {
    const base = recipeFor(name);
    if (!base)
      throw new Error(
        `${recipe.name} is based on ${name}, which has no recipe`,
      );
    return digestOf(base);
  });
  return recipeDigest(recipe, based);
}
