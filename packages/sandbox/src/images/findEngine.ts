import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../machine/run';
import { prepareProgram } from '../upstream/prepare';
import { pinOf } from '../upstream/programs';
import { BaseImages } from './BaseImages';
import { Buildah } from './Buildah';
import { buildahEngine } from './buildahEngine';
import { dockerEngine } from './dockerEngine';
import { Engine } from './Engine';

/** Why this machine cannot build images, and what would help. */
export class NoEngineError extends Error {
  constructor(why: string) {
    super(
      `This machine cannot build images: ${why}. Install docker, podman or buildah, or run as root on Debian.`,
    );
    this.name = 'NoEngineError';
  }
}

/**
 * What builds images here: the docker, podman or buildah that the machine has, else, for root on Debian, Buildah out
 * of Debian's packages, unpacked into the cache and not installed.
 *
 * @param options.cache - folder of the sandbox's cache
 * @throws NoEngineError where there is nothing
 */
export async function findEngine(options: {
  cache: string;
  signal?: AbortSignal;
}): Promise<Engine> {
  for (const command of ['docker', 'podman'] as const) {
    // The command alone is no proof: docker also needs its daemon.
    if (await works(command, ['info'])) return dockerEngine(command);
  }
  const { cache, signal } = options;
  const home = join(cache, 'buildah');
  const caches = join(cache, 'build-caches');
  const own = await ownTools(cache, signal).catch((error: Error) => error);
  if (await works('buildah', ['--version'])) {
    const buildah = new Buildah({ binary: 'buildah', home });
    const bases =
      own instanceof Error
        ? undefined
        : new BaseImages({ buildah, mmdebstrap: own.mmdebstrap, cache });
    return buildahEngine({ name: 'buildah', buildah, bases, caches });
  }
  if (own instanceof Error) throw new NoEngineError(own.message);
  const buildah = new Buildah({
    binary: own.buildah,
    libraries: own.libraries,
    home,
  });
  return buildahEngine({
    name: 'buildah',
    buildah,
    bases: new BaseImages({ buildah, mmdebstrap: own.mmdebstrap, cache }),
    caches,
  });
}

async function ownTools(cache: string, signal?: AbortSignal) {
  if (process.platform !== 'linux') throw new Error('it is no Linux');
  if (process.getuid?.() !== 0) throw new Error('only root can here');
  if (!existsSync('/usr/bin/apt-get')) throw new Error('it has no apt-get');
  const { folder } = await prepareProgram(pinOf('image-tools'), {
    cache,
    signal,
  });
  const libraries = readdirSync(join(folder, 'usr/lib')).find(name =>
    name.endsWith('-linux-gnu'),
  );
  if (!libraries) throw new Error(`${folder} holds no libraries`);
  return {
    buildah: join(folder, 'bin/buildah'),
    mmdebstrap: join(folder, 'bin/mmdebstrap'),
    libraries: join(folder, 'usr/lib', libraries),
  };
}

function works(command: string, args: string[]): Promise<boolean> {
  return run(command, args, { signal: AbortSignal.timeout(10_000) }).then(
    () => true,
    () => false,
  );
}
