import { Watching } from './Engine';
import { findEngine, NoEngineError } from './findEngine';
import { parseImageName } from './imageName';
import { MAKEABLE, recipeFor } from './recipes';

/** An image made on this machine. */
export interface PreparedImage {
  /** Full name that others know it by */
  name: string;
  /** Path of an OCI layout in a tar, to be imported elsewhere */
  archive: string;
  /** What it is called in the sandbox's registry; absent when it was not pushed there */
  pushed: string | undefined;
}

/**
 * Makes images such as `postgres:17.6` on this machine, once, and keeps them.
 *
 * @param options.cache - folder of the sandbox's cache
 * @param options.registry - host and port of a registry that they are pushed to, under the path that they have on
 * Docker Hub: `library/postgres:17.6`
 * @throws Error for an image that has no recipe
 * @throws NoEngineError where this machine cannot make images
 */
export async function prepareBaseImages(
  names: string[],
  options: { cache: string; registry?: string } & Watching,
): Promise<PreparedImage[]> {
  const { cache, registry, onLine, signal } = options;
  for (const name of names) {
    if (!recipeFor(name))
      throw new Error(
        `${name} cannot be made on this machine. What can: ${MAKEABLE}.`,
      );
  }
  const engine = await findEngine({ cache, signal });
  const { bases } = engine;
  if (!bases)
    throw new NoEngineError(
      `${engine.name} pulls images rather than making them`,
    );
  const made: PreparedImage[] = [];
  for (const name of names) {
    const { name: full, archive } = await bases.make(name, { onLine, signal });
    if (registry === undefined) {
      made.push({ name: full, archive, pushed: undefined });
      continue;
    }
    const { repository, tag } = parseImageName(full);
    const pushed = `${registry}/${repository}:${tag}`;
    await bases.push(full, pushed, { onLine, signal });
    onLine?.(`Pushed ${pushed}`);
    made.push({ name: full, archive, pushed });
  }
  return made;
}
