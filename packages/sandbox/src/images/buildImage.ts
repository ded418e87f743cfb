import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { basesOf } from './dockerfile';
import { Engine, ImageBuildError } from './Engine';
import { fullName, parseImageName } from './imageName';
import { MAKEABLE, recipeFor } from './recipes';
import { messageOf } from '../machine/words';

export interface BuildImageOptions {
  engine: Engine;
  /** The service's folder */
  context: string;
  /** Path of its Dockerfile, `Dockerfile` in the folder by default */
  dockerfile?: string;
  /** Full name without a tag, such as `127.0.0.1:5000/team/service` */
  name: string;
  /** Tags that it gets under that name */
  tags: string[];
  buildArgs?: Record<string, string>;
  labels?: Record<string, string>;
  /** Pushes it under all its tags */
  push: boolean;
  onLine?: (line: string) => void;
  signal?: AbortSignal;
}

export interface BuiltImage {
  /** The names that it has, with tags */
  names: string[];
  /** What the registry calls its content; absent when it was not pushed */
  digest: string | undefined;
}

/** The Dockerfile, or what it begins with, is at fault: trying again leads to the same. */
export class DockerfileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DockerfileError';
  }
}

/**
 * Builds a service's own Dockerfile as it is, and pushes it where that is asked for.
 *
 * @throws DockerfileError when there is none, or it cannot be built
 * @throws CommandError when the registry refuses it
 */
export async function buildImage(
  options: BuildImageOptions,
): Promise<BuiltImage> {
  const { engine, name, onLine, signal } = options;
  const context = resolve(options.context);
  const dockerfile = options.dockerfile
    ? resolve(context, options.dockerfile)
    : join(context, 'Dockerfile');
  if (!existsSync(dockerfile))
    throw new DockerfileError(`There is no ${dockerfile}`);
  const { images } = readBases(
    await readFile(dockerfile, 'utf8'),
    options.buildArgs,
  );
  const names = options.tags.map(tag =>
    fullName(parseImageName(`${name}:${tag}`)),
  );
  await engine
    .build(
      {
        context,
        dockerfile,
        bases: images,
        names,
        buildArgs: options.buildArgs,
        labels: options.labels,
      },
      { onLine, signal },
    )
    .catch(error => {
      if (!(error instanceof ImageBuildError)) throw error;
      throw new DockerfileError(explain(error, images, engine));
    });
  if (!options.push) return { names, digest: undefined };
  let digest: string | undefined;
  for (const one of names) {
    onLine?.(`Pushing ${one}`);
    digest = await engine.push(one, { onLine, signal });
  }
  return { names, digest };
}

function readBases(text: string, buildArgs?: Record<string, string>) {
  try {
    return basesOf(text, buildArgs);
  } catch (error) {
    throw new DockerfileError(messageOf(error));
  }
}

function explain(
  error: ImageBuildError,
  images: string[],
  engine: Engine,
): string {
  const unmakeable = images.filter(image => !recipeFor(image));
  if (
    engine.bases &&
    unmakeable.length > 0 &&
    /pinging container registry|initializing source|lookup /.test(
      error.failure.output,
    )
  ) {
    return `The Dockerfile begins with ${unmakeable.join(
      ' and ',
    )}, which could not be pulled and is not among the images that can be made on this machine: ${MAKEABLE}.`;
  }
  return error.message;
}
