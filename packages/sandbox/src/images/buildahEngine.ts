import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../machine/run';
import { BaseImages, Doing } from './BaseImages';
import { Buildah } from './Buildah';
import {
  BaseMaker,
  Engine,
  ImageBuildError,
  mountOptions,
  pairs,
  Watching,
} from './Engine';
import { isLoopback, parseImageName } from './imageName';
import { machineSettings, Mount } from './machineSettings';
import { MAKEABLE } from './recipes';

/** Commands in a build run under a changed root, which needs no container runtime, and see this machine's network. */
const ISOLATION = ['--isolation=chroot', '--network=host'];

/** What the storage, and the caches of compilers, may grow to, in bytes each */
const LARGEST = 15e9;

/** What makes the next build quick, and can be thrown away. */
const BUILD_CACHES = { cache: '/root/.cache', npm: '/root/.npm' };
/** Not for Dockerfiles, which may copy from there into an image. */
const RUN_CACHES = { 'go-modules': '/go/pkg/mod' };

/** Builds with Buildah, and makes the images that Dockerfiles begin with on this machine. */
export function buildahEngine(options: {
  name: string;
  buildah: Buildah;
  bases: BaseImages | undefined;
  /** Folder for what compilers and package managers keep between builds */
  caches: string;
}): Engine {
  const { buildah, bases } = options;

  /** Folders that commands write to and that become part of no image: path here → path inside. */
  const cacheFolders = async (inside: Record<string, string>) => {
    const mounts: string[] = [];
    for (const [name, path] of Object.entries(inside)) {
      const here = join(options.caches, name);
      await mkdir(here, { recursive: true, mode: 0o700 });
      mounts.push(`--volume=${here}:${path}`);
    }
    return mounts;
  };

  const alone = <T>(work: () => Promise<T>, { onLine, signal }: Watching) =>
    buildah.exclusively(work, {
      signal,
      waiting: () => onLine?.('Waiting for another build on this machine'),
    });

  const ensure = async (images: string[], watching: Watching) => {
    for (const image of images)
      await bases?.ensure(image, progressIn(watching));
  };

  /** @returns the digest that the registry has it under */
  const push = (image: string, to: string, watching: Watching) =>
    buildah.withFolder(async folder => {
      const file = join(folder, 'digest');
      const plain = isLoopback(parseImageName(to).registry)
        ? ['--tls-verify=false']
        : [];
      await buildah.run(
        [
          'push',
          '--quiet',
          `--digestfile=${file}`,
          ...plain,
          image,
          `docker://${to}`,
        ],
        watching,
      );
      return (await readFile(file, 'utf8')).trim();
    });

  const withSettings = <T>(
    images: string[],
    work: (mounts: Mount[]) => Promise<T>,
  ) =>
    buildah.withFolder(async folder =>
      work(await machineSettings(images, folder)),
    );

  const maker = (own: BaseImages): BaseMaker => ({
    make: (name, watching = {}) =>
      alone(async () => {
        const made = await own.ensure(name, progressIn(watching));
        if (!made)
          throw new Error(
            `${name} cannot be made on this machine. What can: ${MAKEABLE}.`,
          );
        return made;
      }, watching),
    push: (name, to, watching = {}) =>
      alone(async () => {
        await own.ensure(name, progressIn(watching));
        await push(name, to, watching);
      }, watching),
  });

  return {
    name: options.name,
    bases: bases && maker(bases),
    build: (build, watching = {}) =>
      alone(async () => {
        await ensure(build.bases, watching);
        await withSettings(build.bases, async mounts =>
          buildah
            .run(
              [
                'build',
                '--layers',
                // What was made here is found; anything else is pulled.
                '--pull=false',
                ...ISOLATION,
                ...(await cacheFolders(BUILD_CACHES)),
                ...mountOptions(mounts),
                ...pairs('--build-arg', build.buildArgs),
                ...pairs('--label', build.labels),
                ...build.names.map(name => `--tag=${name}`),
                `--file=${build.dockerfile}`,
                build.context,
              ],
              watching,
            )
            .catch(ImageBuildError.from),
        );
      }, watching),
    push: (name, watching = {}) =>
      alone(() => push(name, name, watching), watching),
    tidy: (watching = {}) =>
      alone(async () => {
        if ((await sizeOf(buildah.home)) > LARGEST) await buildah.clear();
        if ((await sizeOf(options.caches)) > LARGEST)
          await rm(options.caches, { recursive: true, force: true });
      }, watching),
    // Others may build while the command runs, which can be long.
    async runIn(container, watching = {}) {
      const name = buildah.containerName();
      await alone(async () => {
        await ensure([container.image], watching);
        await buildah.run(
          [
            'from',
            '--pull=false',
            '--quiet',
            `--name=${name}`,
            container.image,
          ],
          { signal: watching.signal },
        );
      }, watching);
      try {
        await withSettings(container.bases, async mounts =>
          buildah.run(
            [
              'run',
              ...ISOLATION,
              ...(await cacheFolders({ ...BUILD_CACHES, ...RUN_CACHES })),
              ...mountOptions(mounts),
              ...Object.entries(container.folders).map(
                ([here, inside]) => `--volume=${here}:${inside}`,
              ),
              ...pairs('--env', container.env),
              `--workingdir=${container.workdir}`,
              name,
              '--',
              ...container.command,
            ],
            watching,
          ),
        );
      } finally {
        await buildah.run(['rm', name]);
      }
    },
  };
}

/** Says what is made and loaded, not all that the tools print about it. */
function progressIn({ onLine, signal }: Watching): Doing {
  return {
    onProgress: ({ doing, image }) =>
      onLine?.(
        doing === 'making'
          ? `Making ${image}, once for this machine`
          : `Loading ${image}`,
      ),
    signal,
  };
}

/** In bytes, on the disk; 0 for a folder that is not there */
async function sizeOf(folder: string): Promise<number> {
  if (!existsSync(folder)) return 0;
  const text = await run('du', ['-s', '-x', '-k', folder]);
  return Number(text.split(/\s/)[0]) * 1024;
}
