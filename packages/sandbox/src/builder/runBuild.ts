import { Build, BuildProgress } from '@highroad/plugin-sandbox-common';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '../connection/schema';
import { buildImage, DockerfileError } from '../images/buildImage';
import { basesOf } from '../images/dockerfile';
import { Engine } from '../images/Engine';
import { NoEngineError } from '../images/findEngine';
import { BuildLog } from './BuildLog';
import { checkOut } from './checkout';
import { builtBefore, tagsOf } from './queueRules';
import { addTags } from './registryTags';
import { prepareTargets, StepFailure } from './targets';
import { messageOf } from '../machine/words';

/** What CI would run of a repository's Makefile before it builds the image. */
const BEFORE_IMAGE = ['test', 'build'];
/**
 * What it would run beside that. Linters are compiled or downloaded the first time, which takes minutes that nobody
 * should wait for a first image.
 */
const AFTER_IMAGE = ['lint'];

/** Longest time that a build may take, in minutes */
const MINUTES = 20;

export interface RunBuildOptions {
  connection: Pick<Connection, 'gitea' | 'registry'>;
  /** Finds what builds images */
  engine: () => Promise<Engine>;
  /** An empty folder of this build's own; removed afterwards */
  folder: string;
  /** All builds that are known */
  builds: Build[];
  signal: AbortSignal;
}

/**
 * Does what CI would do on a push: checks out the commit, runs the repository's own targets, builds its image and
 * pushes it.
 *
 * @returns how it ended
 * @throws Error when something besides the repository is at fault, so that another attempt may help
 */
export async function runBuild(
  log: BuildLog,
  options: RunBuildOptions,
): Promise<BuildProgress> {
  const startedAt = new Date().toISOString();
  const ending = () => ({ startedAt, endedAt: new Date().toISOString() });
  const late = AbortSignal.timeout(MINUTES * 60_000);
  const signal = AbortSignal.any([options.signal, late]);
  try {
    const image =
      (await tagOnly(log, options)) ??
      (await buildAll(log, { ...options, signal }));
    return { state: 'succeeded', ...ending(), image };
  } catch (error) {
    if (late.aborted && !options.signal.aborted) {
      return {
        state: 'failed',
        ...ending(),
        problem: `It took longer than ${MINUTES} minutes and was ended.`,
      };
    }
    if (error instanceof StepFailure || error instanceof DockerfileError)
      return { state: 'failed', ...ending(), problem: error.message };
    if (error instanceof NoEngineError)
      return {
        state: 'error',
        endedAt: new Date().toISOString(),
        problem: error.message,
      };
    throw error;
  } finally {
    await rm(options.folder, { recursive: true, force: true });
    await log.flushed();
  }
}

type Image = Extract<BuildProgress, { state: 'succeeded' }>['image'];

/** The head of a branch often becomes the head of a pull request: its image is there, and gets another tag. */
async function tagOnly(
  log: BuildLog,
  { builds, connection }: RunBuildOptions,
): Promise<Image> {
  const before = builtBefore(log.build, builds);
  if (before?.progress.state !== 'succeeded' || !before.progress.image)
    return undefined;
  const { name, digest } = before.progress.image;
  const tags = tagsOf(log.build);
  let found = false;
  await log.step('tag', async () => {
    found = await addTags(
      connection.registry.address,
      name.slice(name.indexOf('/') + 1),
      digest,
      tags,
    );
    if (!found)
      return { skipped: 'The registry has the earlier image no more' };
    log.line(`The image of ${before.id}, tagged ${tags.join(', ')}`);
    return undefined;
  });
  return found ? { name, digest, tags } : undefined;
}

async function buildAll(
  log: BuildLog,
  { connection, engine: find, folder, signal }: RunBuildOptions,
): Promise<Image> {
  const { repository, commit } = log.build;
  const watching = { onLine: log.line, signal };
  await log.step('checkout', () =>
    checkOut(connection.gitea, { repository, commit }, folder, watching),
  );
  const file = join(folder, 'Dockerfile');
  if (!existsSync(file)) {
    await log.step('image', async () => ({
      skipped: 'The repository has no Dockerfile',
    }));
    return undefined;
  }
  const engine = await find();
  const { first, images } = readBases(await readFile(file, 'utf8'));
  const targets =
    existsSync(join(folder, 'Makefile')) && first !== undefined
      ? await prepareTargets(log, first, { engine, images, folder, watching })
      : async () => {};
  await targets(BEFORE_IMAGE);
  let built: Image;
  await log.step('image', async () => {
    const name = `${connection.registry.host}/${repository.toLowerCase()}`;
    const tags = tagsOf(log.build);
    const { digest } = await buildImage({
      engine,
      context: folder,
      name,
      tags,
      buildArgs: { VERSION: commit },
      labels: {
        'org.opencontainers.image.source': `${connection.gitea.address}/${repository}`,
        'org.opencontainers.image.revision': commit,
        'org.opencontainers.image.version': commit,
      },
      push: true,
      ...watching,
    });
    if (!digest) throw new Error('The registry did not say the digest.');
    built = { name, tags, digest };
  });
  await targets(AFTER_IMAGE);
  return built;
}

function readBases(dockerfile: string) {
  try {
    return basesOf(dockerfile);
  } catch (error) {
    throw new StepFailure(messageOf(error));
  }
}
