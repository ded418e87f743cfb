import {
  Deployment,
  deploymentSchema,
} from '@highroad/plugin-deployments-common';
import { mockCredentials } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goodChecks } from '../__testUtils__/world';
import {
  ImageNotFoundError,
  ImageRegistry,
  RegistryRateLimitedError,
} from '@highroad/plugin-platform-node/registry';
import { Checks } from '../service/Checks';
import { Environments } from '../service/EnvironmentSettings';
import { CommitHistory } from './CommitHistory';
import { manifestDiff } from './manifestDiff';
import { previewNews } from './previewNews';
import { Previews } from './Previews';
import { versionImplementations } from './versionImplementations';
import { Versions } from './Versions';

const CART = 'component:default/cart';
const services = {
  get: async (ref: string) => ({
    ref,
    name: 'cart',
    image: 'registry.example/cart',
    repository: 'https://example.com/shop/cart',
    annotations: {},
  }),
};
const running = (rest: Partial<Deployment> = {}): Deployment =>
  deploymentSchema.parse({
    id: '01a211d2-c76e-76b8-9c50-000000000001',
    kind: 'deploy',
    service: CART,
    environment: 'staging',
    version: '1.0.0',
    image: 'registry.example/cart',
    digest: 'sha256:one',
    commit: 'a'.repeat(40),
    state: 'succeeded',
    summary: '1.0.0 runs in staging',
    requestedBy: 'user:default/anna',
    door: 'cli',
    manifestsDigest: 'text-1',
    correlation: 'c',
    requestedAt: '2026-06-01T00:00:00Z',
    revision: 3,
    ...rest,
  });
const signal = new AbortController().signal;

describe('the versions of a service', () => {
  const reader = {
    status: async () => [
      running(),
      running(),
      running({ environment: 'production' }),
      running({ environment: 'testing', version: '2.0.0', state: 'failed' }),
    ],
  };
  const list = (listTags: ImageRegistry['listTags']) =>
    new Versions({ reader, services, registry: { listTags } }).list(CART, {
      limit: 20,
      signal,
    });

  it('are those of the registry, with where they run', async () => {
    const answer = await list(async () => ({
      items: [
        { tag: '2.0.0', digest: 'sha256:two', revision: 'c0ffee' },
        { tag: '1.0.0' },
      ],
      more: false,
    }));
    expect(answer).toMatchObject({
      image: 'registry.example/cart',
      items: [
        { version: '2.0.0', commit: 'c0ffee', runsIn: [] },
        { version: '1.0.0', runsIn: ['production', 'staging'] },
      ],
      more: false,
    });
    expect(answer.problem).toBeUndefined();
  });

  it.each([
    [429, new RegistryRateLimitedError('Too many requests. In 30 s.', 30)],
    [404, new ImageNotFoundError('The registry has no image cart.', [])],
  ])('are those that run where it answers %s', async (_, error) => {
    const answer = await list(async () => {
      throw error;
    });
    expect(answer.problem).toBe(error.message);
    expect(answer.items.map(({ version }) => version)).toEqual(['1.0.0']);
  });

  it('are an error where that is not the registry’s', async () => {
    await expect(
      list(async () => {
        throw new TypeError('a mistake');
      }),
    ).rejects.toThrow('a mistake');
  });
});

describe('the commits between two versions', () => {
  const directory = mkdtempSync(join(tmpdir(), 'highroad-history-test-'));
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: directory,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_AUTHOR_NAME: 'Anna | Bo',
        GIT_AUTHOR_EMAIL: 'anna@example.com',
        GIT_COMMITTER_NAME: 'Anna',
        GIT_COMMITTER_EMAIL: 'anna@example.com',
      },
    }).trim();
  const commit = (subject: string) => {
    git('commit', '--quiet', '--allow-empty', '-m', subject);
    return git('rev-parse', 'HEAD');
  };
  let first: string;
  let last: string;
  let stranger: string;

  beforeAll(() => {
    git('init', '--quiet');
    first = commit('Begin');
    commit('Fix the checkout; rm -rf "$(x)"');
    last = commit('Add <b>prices</b>');
    git('checkout', '--quiet', '--orphan', 'other');
    stranger = commit('Elsewhere');
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const between = (from: string, to: string) =>
    new CommitHistory({
      locator: {
        locate: async () => ({
          ...{ kind: 'local', owner: 'shop', name: 'cart' },
          directory: join(directory, '.git'),
        }),
      },
    }).between({ repository: 'r', from, to, signal });

  it('are listed newest first, with subject and author', async () => {
    expect(await between(first, last)).toMatchObject({
      known: true,
      added: [
        { commit: last, subject: 'Add <b>prices</b>', author: 'Anna | Bo' },
        { subject: 'Fix the checkout; rm -rf "$(x)"' },
      ],
      removed: [],
      more: false,
    });
  });

  it('are said to be taken away when it goes back', async () => {
    expect(await between(last, first)).toMatchObject({
      added: [],
      removed: [{ commit: last }, {}],
    });
    expect(await between(last, last)).toMatchObject({ added: [], removed: [] });
  });

  it.each([
    ['unrelated commits', () => [first, stranger], /no commit in common/],
    ['one that is gone', () => [first, 'f'.repeat(40)], /no longer both/],
    ['no commit', () => ['--all', first], /not known from which/],
  ])('are not known for %s', async (_, which, why) => {
    const [from, to] = which();
    expect(await between(from, to)).toEqual({
      known: false,
      why: expect.stringMatching(why),
    });
  });
});

describe('what deploying would change', () => {
  const placeOf = (name: string) => ({
    ...{ name, tier: name, cluster: 'none' },
    ...{ production: false, approval: false, engine: 'direct' },
    namespace: '{service}-{environment}',
    progressDeadlineSeconds: 1,
    watchSeconds: 0,
    notReadySeconds: 30,
    conditions: [],
  });
  /** @param good - what was last deployed well, one in each environment */
  const previews = (checks: Checks, ...good: Array<Deployment | undefined>) =>
    new Previews({
      checks,
      environments: new Environments([
        placeOf('staging'),
        placeOf('production'),
      ]),
      history: {
        between: async () => ({
          known: true,
          added: [],
          removed: [],
          more: false,
        }),
      },
      manifests: { text: async () => 'kind: Deployment\nreplicas: 1\n' },
      newId: () => 'id',
      now: () => new Date(0),
      reader: {
        lastGood: async place_ =>
          good.find(one => one?.environment === place_.environment),
      },
      services,
    });
  const place = { service: CART, environment: 'staging' };
  const preview = (checks: Checks, lastGood?: Deployment) =>
    previews(checks, lastGood).of(place, { version: '1.1.0' }, signal);

  it('are checks, commits, and lines of the manifests', async () => {
    const found = await preview(goodChecks, running());
    expect(found).toMatchObject({
      ok: true,
      running: { version: '1.0.0' },
      commits: { known: true },
      manifests: { known: true },
    });
    expect(found.manifests).toMatchObject({
      diff: expect.stringMatching(/^--- .*\n\+\+\+ .*\n@@[^]*\n-replicas: 1/),
    });
  });

  it('is told check by check, and then as a whole', async () => {
    let pass = () => {};
    const passed = new Promise<void>(resolve => {
      pass = resolve;
    });
    const slow: Checks = {
      async run(deployment, environment, signal_, options) {
        const good = await goodChecks.run(deployment, environment, signal_);
        const [image] = good.steps;
        options?.onStep?.({ ...image, state: 'running' });
        await passed;
        options?.onStep?.(image);
        return good;
      },
    };
    const run = await previews(slow).begin(place, { version: '1.1.0' }, signal);
    const news = previewNews(run, () => {});
    const next = async () => (await news.next()).value;
    expect(await next()).toMatchObject({
      check: { name: 'image', state: 'running' },
    });
    pass();
    expect(await next()).toMatchObject({
      check: { name: 'image', state: 'succeeded' },
    });
    expect(await next()).toMatchObject({ preview: { ok: true } });
    expect((await news.next()).done).toBe(true);
  });

  it('says why where it breaks off, since the answer has begun by then', async () => {
    const broken: Checks = {
      async run() {
        throw new TypeError('a mistake');
      },
    };
    const run = await previews(broken).begin(
      place,
      { version: '1.1.0' },
      signal,
    );
    const complained = jest.fn();
    const told = [];
    for await (const one of previewNews(run, complained)) told.push(one);
    expect(told).toEqual([
      { error: { name: 'TypeError', message: 'a mistake' } },
    ]);
    expect(complained).toHaveBeenCalledTimes(1);
    await expect(
      previews(broken).begin(
        ...([
          { ...place, environment: 'x' },
          { version: '1' },
          signal,
        ] as const),
      ),
    ).rejects.toThrow('There is no environment "x"');
  });

  it('of a promotion is of exactly what runs where it is taken from', async () => {
    const run = jest.fn(goodChecks.run);
    const staging = running({ version: '1.1.0', digest: 'sha256:good' });
    const to = { service: CART, environment: 'production' };
    const found = await previews({ run }, staging).of(
      ...([to, { from: 'staging' }, signal] as const),
    );
    expect(found).toMatchObject({ ok: true, version: '1.1.0' });
    expect(run).toHaveBeenCalledWith(
      expect.objectContaining({
        ...{ kind: 'promotion', environment: 'production', version: '1.1.0' },
        ...{ digest: 'sha256:good', commit: staging.commit },
      }),
      expect.objectContaining({ name: 'production' }),
      ...[signal, expect.objectContaining({ dryRun: true })],
    );
  });

  it.each([
    ['production', 'staging', /ever deployed well to production/],
    ['staging', 'staging', /cannot be promoted from staging to itself/],
    ['nowhere', 'staging', /There is no environment "nowhere"/],
  ])('is refused for a promotion from %s to %s', async (from, to, why) => {
    await expect(
      previews(goodChecks, running()).begin(
        ...([{ service: CART, environment: to }, { from }, signal] as const),
      ),
    ).rejects.toThrow(why);
  });

  it.each([{}, { version: '1.0.0', from: 'staging' }])(
    'is of one version, or of one promotion, and not of %j',
    async given => {
      const { preview: asked } = versionImplementations({
        logger: { warn: () => {} },
        previews: previews(goodChecks, running()),
        versions: new Versions({
          ...{ services, reader: { status: async () => [] } },
          registry: { listTags: async () => ({ items: [], more: false }) },
        }),
      });
      await expect(
        asked.handle({
          input: { ...place, ...given },
          credentials: mockCredentials.user(),
          actor: { kind: 'user', ref: 'user:default/anna' },
          door: 'cli',
          ...{ correlation: 'c', signal },
          decision: { result: AuthorizeResult.ALLOW },
          visible: async () => undefined,
          note: () => {},
        }),
      ).rejects.toThrow('Say either which version ("version") or');
    },
  );

  it('is said to be unknown where nothing runs yet', async () => {
    expect(await preview(goodChecks)).toMatchObject({
      ok: true,
      commits: { known: false, why: 'Nothing runs there yet.' },
      manifests: { known: false },
    });
  });

  it('is nothing where a check refuses it, which is said', async () => {
    const refusing: Checks = {
      run: async () => ({
        ok: false,
        summary: 'A guardrail refuses it',
        passing: false,
        steps: [
          {
            name: 'guardrails',
            state: 'failed',
            summary: 'A guardrail refuses it',
            evidence: ['no probe'],
          },
        ],
      }),
    };
    expect(await preview(refusing, running())).toMatchObject({
      ok: false,
      summary: 'A guardrail refuses it',
      checks: [{ evidence: ['no probe'] }],
      manifests: { known: false },
    });
  });

  it('are no lines where the manifests are the same', async () => {
    expect(await manifestDiff('a: 1\n', 'a: 1\n', { signal })).toBe('');
  });
});
