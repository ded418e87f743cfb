import { ConfigReader } from '@backstage/config';
import { LocalRepositories } from '@highroad/plugin-local-repositories-node';
import { RepositoryLocator } from '@highroad/plugin-platform-node/git';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Target, targetOf } from '../../../controller/Target';
import { parsePreviewSettings } from '../../../service/PreviewSettings';
import { readResource } from '../../../service/readResource';
import { ServiceRepositories } from '../ServiceRepositories';

export const OWNER = 'group:default/shop';
const PORTAL = 'http://localhost:3000';

/** Repositories on this machine, each of a service of {@link OWNER} that is called like it, and environments of theirs. */
export class RepositoriesOnDisk {
  readonly locator: RepositoryLocator;
  readonly #local: LocalRepositories;
  readonly #published = new Set<string>();

  private constructor(readonly folder: string) {
    const directory = join(folder, 'repositories');
    this.#local = new LocalRepositories(directory);
    this.locator = RepositoryLocator.fromConfig(
      new ConfigReader({
        app: { baseUrl: PORTAL },
        integrations: { gitea: [{ host: 'git.test' }] },
        platform: { localRepositories: { directory } },
      }),
    );
  }

  static async create(): Promise<RepositoriesOnDisk> {
    return new RepositoriesOnDisk(
      await mkdtemp(join(tmpdir(), 'highroad-repositories-')),
    );
  }

  /** What the catalog says of them */
  get services(): ServiceRepositories {
    return {
      repositoryOf: async (service, owner) =>
        owner === OWNER && this.#published.has(service)
          ? this.addressOf(service)
          : undefined,
    };
  }

  addressOf(name: string): string {
    return `${PORTAL}/repositories/shop/${name}`;
  }

  /** @returns the commit, on the branch `main` */
  async publish(name: string, files: Record<string, string>): Promise<string> {
    const work = join(this.folder, 'work', name);
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(work, path)), { recursive: true });
      await writeFile(join(work, path), text);
    }
    const { commit } = await this.#local.publish({
      ...{ id: { owner: 'shop', name }, folder: work, branch: 'main' },
      message: 'What the test needs',
      author: { name: 'a', email: 'a@example.com' },
    });
    this.#published.add(name);
    return commit;
  }

  /** An environment that asks for this, as whoever looks for its files is given it. */
  target(spec: object, owner = OWNER): Target {
    const resource = readResource({
      metadata: {
        ...{ name: 'demo', namespace: 'home', uid: 'u', resourceVersion: '1' },
        creationTimestamp: '2026-01-01T00:00:00Z',
      },
      spec: { type: 'preview', ...spec },
    });
    if (!resource.spec) throw new Error(resource.problem);
    return targetOf(resource, resource.spec, owner, parsePreviewSettings({}));
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}
