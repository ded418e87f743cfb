import { resolve } from 'node:path';
import { run } from '../machine/run';
import { buildImage, BuiltImage } from './buildImage';
import { findEngine } from './findEngine';

export interface BuildFolderOptions {
  /** The service's folder, with a Dockerfile */
  folder: string;
  /** Full name of the image without a tag */
  name: string;
  /** What it is tagged with: the commit by default, with `-dirty` where the folder holds more than that */
  tag?: string;
  dockerfile?: string;
  push: boolean;
  /** Folder of the sandbox's cache */
  cache: string;
  onLine?: (line: string) => void;
  signal?: AbortSignal;
}

/**
 * Builds the image of a service in a folder with whatever builds images on this machine.
 *
 * @throws NoEngineError where nothing does
 * @throws DockerfileError when it cannot be built
 */
export async function buildFolder(
  options: BuildFolderOptions,
): Promise<BuiltImage> {
  const { name, push, cache, onLine, signal } = options;
  const folder = resolve(options.folder);
  const engine = await findEngine({ cache, signal });
  const tag = options.tag ?? (await describe(folder));
  onLine?.(`Building ${name}:${tag} with ${engine.name}`);
  return buildImage({
    engine,
    context: folder,
    dockerfile: options.dockerfile,
    name,
    tags: [tag],
    buildArgs: { VERSION: tag },
    push,
    onLine,
    signal,
  });
}

/** The commit that a folder is at, as the Makefile of a created service calls it. */
async function describe(folder: string): Promise<string> {
  const text = await run(
    'git',
    ['describe', '--always', '--exclude', '*', '--abbrev=40', '--dirty'],
    { cwd: folder },
  ).catch(() => 'dev');
  return text.trim();
}
