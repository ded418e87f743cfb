import { mockServices } from '@backstage/backend-test-utils';
import { GitHostClient } from '@highroad/plugin-platform-node/git-hosts';
import {
  commitOf,
  GithubServer,
} from '../../drivers/gitHosts/__testUtils__/GithubServer';
import { RestHost } from '../../drivers/gitHosts/RestHost';
import { githubDialect } from '../../drivers/gitHosts/github/githubDialect';
import { PullRequestHosts } from '../../drivers/gitHosts/PullRequestHosts';
import { EnvironmentResources } from '../../service/EnvironmentResources';
import { keepByCommentSchema } from '../createPullRequests';
import { Memory, newMemory } from '../Memory';
import { PullRequestReconciler } from '../PullRequestReconciler';
import { PullRequestRecorder } from '../PullRequestRecorder';
import { environmentNameOf, PullRequestRef } from '../PullRequestRef';
import { RepositoryOwners } from '../RepositoryOwners';
import { MANIFEST_PATH } from '../wantedEnvironment';
import { EnvironmentsInMemory, SETTINGS } from './EnvironmentsInMemory';

export const MANIFEST = `apiVersion: platform.myorg.com/v1
kind: Environment
metadata:
  name: cart-preview
spec:
  type: preview
  ttl: 7d
  services:
    - name: cart
      image: myorg/cart:$(commit)
  databases:
    - type: postgres
      seed: fixtures/demo-data.sql
`;
export const OWNER = 'group:default/checkout-team';

/** GitHub as it answers, environments as they are kept, and the catalog's word on who owns what. */
export class PullRequestWorld {
  readonly server = new GithubServer();
  readonly auditor = mockServices.auditor.mock({
    createEvent: async event => {
      this.recorded.push(event.eventId);
      return { success: async () => {}, fail: async () => {} };
    },
  });
  readonly recorded: string[] = [];
  time = Date.parse('2026-01-01T12:00:00Z');
  readonly now = () => new Date(this.time);
  readonly environments = new EnvironmentsInMemory(this.now);
  owners: string[] = [OWNER];
  mayKeep = keepByCommentSchema.parse(undefined);
  memory: Memory = newMemory();
  #address = '';
  #hosts: PullRequestHosts | undefined;

  async start(options: { timeoutMs?: number } = {}): Promise<void> {
    this.#address = await this.server.start();
    const host = this.#address;
    this.#hosts = new PullRequestHosts([
      new RestHost({
        dialect: githubDialect({ host }, 'the-secret-of-webhooks'),
        client: new GitHostClient({
          host,
          apiUrl: `http://${host}`,
          headers: async () => ({
            Authorization: 'Bearer secret-token',
            'X-GitHub-Api-Version': '2022-11-28',
          }),
          timeoutMs: options.timeoutMs ?? 10_000,
          pause: async () => {},
        }),
      }),
    ]);
  }

  get hosts(): PullRequestHosts {
    if (!this.#hosts) throw new Error('It has not been started.');
    return this.#hosts;
  }

  get ownersOf(): RepositoryOwners {
    const repository = () => ({
      ...{ host: this.#address, owner: 'acme', name: 'cart' },
      services: this.owners.map(owner => ({
        ...{ owner, ref: 'component:default/cart' },
      })),
    });
    return {
      all: async () => (this.owners.length > 0 ? [repository()] : []),
      ofService: async service =>
        this.owners.length > 0 && service === 'component:default/cart'
          ? repository()
          : undefined,
      find: async () => (this.owners.length > 0 ? repository() : undefined),
    };
  }

  ref(number: number): PullRequestRef {
    return { host: this.#address, owner: 'acme', name: 'cart', number };
  }

  name(number: number): string {
    return environmentNameOf(this.ref(number));
  }

  /** @param environments - what is written to; the kept ones themselves if left out */
  reconciler(
    environments: EnvironmentResources = this.environments,
  ): PullRequestReconciler {
    return new PullRequestReconciler({
      environments,
      drivers: ['server'],
      hosts: this.hosts,
      now: this.now,
      owners: this.ownersOf,
      recorder: new PullRequestRecorder({ auditor: this.auditor }),
      mayKeep: this.mayKeep,
      portalUrl: 'https://portal.example.com',
      settings: SETTINGS,
    });
  }

  /** Opens a pull request that carries a manifest, or pushes to it. */
  push(number: number, source: string | undefined, commit = commitOf(number)) {
    this.server.set(number, {
      commit,
      files: source === undefined ? {} : { [MANIFEST_PATH]: source },
    });
  }

  /** One look, remembered for the next. */
  async look(number = 12) {
    const looked = await this.reconciler().look(
      this.ref(number),
      this.memory,
      async memory => {
        this.memory = memory;
      },
      new AbortController().signal,
    );
    this.memory = looked.memory;
    return looked;
  }

  /** What the one comment of ours says. */
  said(number = 12): string {
    const own = this.server.ownComments(number);
    if (own.length > 1) throw new Error('There are two comments.');
    return own[0]?.body ?? '';
  }
}
