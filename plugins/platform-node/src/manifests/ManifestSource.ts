import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { readConfigAs } from '../access/readConfigAs';
import fs from 'fs-extra';
import { tmpdir } from 'node:os';
import { join, posix, resolve } from 'node:path';
import { z } from 'zod';
import { canonicalManifests, Manifests } from './canonical';
import { chooseOverlay } from './chooseOverlay';
import { collectFiles } from './collectFiles';
import { CommitCache } from './CommitCache';
import { CommitTree } from './CommitTree';
import { findTaggedCommit } from './findTaggedCommit';
import { findKubectl } from './kubectl';
import { kustomize } from './kustomize';
import { readObjects } from './readObjects';
import { RepositoryLocator } from '../git';
import { withoutEmptyTexts } from './withoutEmptyTexts';

const settingsSchema = z
  .object({
    kubectl: z.string().min(1).optional(),
    cache: z.string().min(1).optional(),
  })
  .default({});

/** Manifests as a repository has them, before anything is set or checked. */
export interface RenderedManifests extends Manifests {
  /** The overlay that was taken, such as `deploy/overlays/production` */
  overlay: string;
}

/** Renders what a repository holds at a commit. */
export class ManifestSource {
  readonly #locator: RepositoryLocator;
  readonly #cache: CommitCache;
  readonly #kubectl: string | undefined;
  readonly #own: string | undefined;

  /**
   * Reads `platform.deployments.kubectl` and `.cache`; the latter is a folder of its own for each process, made anew
   * where it is not named.
   *
   * @param options.apart - whether it has a folder of its own also where one is named: each source keeps its own in order
   * @throws InputError naming the path of a key that is wrong
   */
  static async fromConfig(
    config: Config,
    options: { apart?: boolean } = {},
  ): Promise<ManifestSource> {
    const { kubectl, cache } = readConfigAs(
      config,
      'platform.deployments',
      settingsSchema,
    );
    const named = options.apart ? undefined : cache;
    const own = named
      ? undefined
      : await fs.mkdtemp(join(tmpdir(), 'highroad-commits-'));
    return new ManifestSource({
      locator: RepositoryLocator.fromConfig(config),
      cache: new CommitCache(own ?? resolve(named ?? '')),
      kubectl,
      own,
    });
  }

  constructor(options: {
    locator: RepositoryLocator;
    cache: CommitCache;
    /** Path of a kubectl; looked for where it is not given */
    kubectl?: string;
    /** A folder to remove when this is closed */
    own?: string;
  }) {
    this.#locator = options.locator;
    this.#cache = options.cache;
    this.#kubectl = options.kubectl;
    this.#own = options.own;
  }

  /**
   * @param options.repository - address of its page, such as `https://github.com/acme/cart`
   * @param options.commit - its whole name
   * @param options.tier - whose overlay is taken where the repository has none of the environment's
   * @param options.folder - where the manifests are in the repository; `deploy` by default
   * @throws InputError, NotFoundError for what is to be changed in the repository; NotAllowedError,
   * ServiceUnavailableError for the Git host
   */
  async render(options: {
    repository: string;
    commit: string;
    environment: string;
    tier: string;
    folder?: string;
    signal?: AbortSignal;
  }): Promise<RenderedManifests> {
    const { repository, commit, environment, tier, signal } = options;
    const folder = posix.normalize(options.folder ?? 'deploy');
    if (folder.startsWith('..') || folder.startsWith('/')) {
      throw new InputError(`"${folder}" is not a folder of a repository.`);
    }
    const location = await this.#locator.locate(repository);
    const directory = await this.#cache.open(location, commit, signal);
    const tree = await CommitTree.read(directory, commit, signal);
    const overlay = await chooseOverlay(tree, { folder, environment, tier });
    const files = await collectFiles(tree, overlay);
    const kubectl = await findKubectl(this.#kubectl);
    const yaml = await kustomize(kubectl, { files, overlay, signal });
    const objects = readObjects(yaml).map(withoutEmptyTexts);
    return { overlay, ...canonicalManifests(objects) };
  }

  /**
   * The commit that a version was built from, by a Git tag of its name; for images that do not say it themselves.
   *
   * @returns undefined where there is no such tag
   */
  async findCommit(options: {
    repository: string;
    version: string;
    signal?: AbortSignal;
  }): Promise<string | undefined> {
    const location = await this.#locator.locate(options.repository);
    return findTaggedCommit(location, options.version, options.signal);
  }

  /** Removes what is not to outlive this process. */
  async close(): Promise<void> {
    if (this.#own) await fs.remove(this.#own);
  }
}
