import { NotAllowedError } from '@backstage/errors';
import { KEEP_LABEL } from '@highroad/plugin-environments-common';
import { commitOf } from '../drivers/gitHosts/__testUtils__/GithubServer';
import { newMemory } from './Memory';
import { MANIFEST_PATH } from './wantedEnvironment';
import {
  MANIFEST,
  OWNER,
  PullRequestWorld,
} from './__testUtils__/PullRequestWorld';

/** What would have us take every command for carried out, if it were taken for ours. */
const MARK = '<!-- highroad:told-until 9999-12-31 -->';

describe('the environment of a pull request', () => {
  let world: PullRequestWorld;
  const environment = (number = 12) =>
    world.environments.kept.get(world.name(number));

  beforeEach(async () => {
    world = new PullRequestWorld();
    await world.start();
    world.server.permissions.ann = 'write';
    world.server.permissions.eve = 'read';
  });
  afterEach(() => world.server.stop());

  it('is made from the manifest at the newest commit, named by repository and number, owned by who owns the service', async () => {
    world.push(12, MANIFEST);
    await world.look();
    expect(environment()).toMatchObject({
      name: expect.stringMatching(/^pr-12-cart-/),
      spec: {
        owner: OWNER,
        ttl: '7d',
        repository: expect.stringMatching(/\/acme\/cart$/),
        revision: commitOf(12),
        pullRequest: {
          ...{ repository: 'acme/cart', number: 12, fork: false },
          ...{ branch: 'feature', commit: commitOf(12) },
        },
      },
    });
    expect(world.recorded).toEqual(['pull-request-apply']);
  });

  it('is what its own commit says, not the branch that it goes into, and is whose the catalog says', async () => {
    const other = 'group:default/other-team';
    // Under the name of the branch, as whoever asked for that would be answered.
    world.server.set(99, {
      commit: 'main',
      files: { [MANIFEST_PATH]: MANIFEST.replace('7d', '1d') },
    });
    world.server.set(12, {
      commit: commitOf(12),
      files: {
        [MANIFEST_PATH]: MANIFEST.replace('7d', '3d'),
        'catalog-info.yaml': `kind: Component\nspec:\n  owner: ${other}\n`,
      },
    });
    await world.look();
    expect(environment()?.spec).toMatchObject({ owner: OWNER, ttl: '3d' });
    world.push(
      12,
      MANIFEST.replace('ttl: 7d', `ttl: 7d\n  owner: ${other}`),
      commitOf(13),
    );
    await world.look();
    expect(world.said()).toContain('owns nothing in this repository');
    expect(environment()?.spec).toMatchObject({ owner: OWNER, ttl: '3d' });
  });

  it('is made from the one at its commit also where the branch that it goes into has none, and has none where only that has one', async () => {
    world.server.set(99, {
      commit: 'main',
      files: { [MANIFEST_PATH]: MANIFEST },
    });
    world.push(12, undefined);
    await world.look();
    expect(environment()).toBeUndefined();
    world.server.set(99, { commit: 'main', files: {} });
    world.push(12, MANIFEST, commitOf(13));
    await world.look();
    expect(environment()?.spec?.pullRequest?.commit).toBe(commitOf(13));
  });

  it('says in one comment and a status how it stands, changed in place', async () => {
    world.push(12, MANIFEST);
    await world.look();
    expect(world.said()).toContain('🔨 Preview environment: provisioning');
    world.environments.say(world.name(12), {
      phase: 'ready',
      url: 'https://cart-pr-12.example.com',
      services: [
        {
          ...{ name: 'cart', image: 'x', state: 'ready', ready: 1 },
          ...{ replicas: 1, url: 'https://cart-pr-12.example.com' },
        },
      ],
    });
    await world.look();
    expect(world.said()).toContain('✅ Preview environment: ready');
    expect(world.said()).toContain(
      '| cart | <https://cart-pr-12.example.com> | ✅ ready |',
    );
    expect(world.said()).toContain('ends 2026-01-08 12:00 UTC');
    expect(world.said()).toContain('/platform extend 3d');
    expect(world.said()).toContain(`/commit/${commitOf(12)}`);
    expect(world.server.statuses.map(({ state }) => state)).toEqual([
      'pending',
      'success',
    ]);
  });

  it('costs no write while nothing changes', async () => {
    world.push(12, MANIFEST);
    await world.look();
    await world.look();
    const { writes } = world.environments;
    world.server.seen.splice(0);
    await world.look();
    expect(world.environments.writes).toBe(writes);
    expect(world.server.seen.filter(({ method }) => method !== 'GET')).toEqual(
      [],
    );
  });

  it('is brought to a new commit in place', async () => {
    world.push(12, MANIFEST);
    await world.look();
    const before = environment()?.uid;
    world.push(12, MANIFEST.replace('7d', '2d'), commitOf(99));
    await world.look();
    expect(environment()).toMatchObject({
      uid: before,
      spec: { ttl: '2d', pullRequest: { commit: commitOf(99) } },
    });
    expect(world.said()).toContain(commitOf(99).slice(0, 7));
    expect(world.server.ownComments(12)).toHaveLength(1);
  });

  it.each([
    ['closed', false],
    ['merged', true],
  ])(
    'is taken down when it is %s, and the comment says so',
    async (_, merged) => {
      world.push(12, MANIFEST);
      await world.look();
      world.environments.lingers = true;
      world.server.set(12, { state: 'closed', merged });
      expect(await world.look()).toMatchObject({ finished: false, soon: true });
      expect(world.said()).toContain('deleting');
      world.environments.vanish(world.name(12));
      expect(await world.look()).toMatchObject({ finished: true });
      expect(world.said()).toContain('⚪ Preview environment: gone');
      expect(world.said()).toContain(merged ? 'merged' : 'closed');
      expect(world.environments.deletions).toEqual([world.name(12)]);
      // What was pending would be so for good.
      expect(world.server.statuses.at(-1)).toMatchObject({
        ...{ state: 'success', description: 'The environment has ended' },
      });
    },
  );

  it('tells nobody who reads a pull request what of the platform itself does not answer', async () => {
    world.push(12, MANIFEST);
    await world.look();
    const message = "It can't be looked after now: ECONNREFUSED 10.0.0.7:6443.";
    world.environments.say(world.name(12), {
      ...{ phase: 'provisioning', message },
      conditions: [
        {
          ...{
            type: 'Reconciled',
            status: 'False',
            reason: 'Failing',
            message,
          },
          lastTransitionTime: '2026-01-01T12:00:00Z',
        },
      ],
    });
    await world.look();
    expect(world.said()).toContain("It can't be looked after now");
    expect(world.server.statuses.at(-1)).toMatchObject({
      state: 'pending',
      description:
        "Provisioning: it can't be looked after now; the portal says why",
    });
    const told = JSON.stringify([world.said(), world.server.statuses]);
    expect(told).not.toContain('10.0.0.7');
  });

  it('has nothing said where a pull request wants none', async () => {
    world.push(12, undefined);
    await world.look();
    world.server.set(12, { state: 'closed' });
    expect(await world.look()).toMatchObject({ finished: true });
    expect(world.server.comments).toEqual([]);
    expect(world.server.statuses).toEqual([]);
  });

  it('has the field and the fix named where its manifest is not valid, and stays as it was', async () => {
    world.push(12, MANIFEST);
    await world.look();
    world.push(12, MANIFEST.replace('ttl: 7d', 'ttl: a week'), commitOf(99));
    await world.look();
    expect(world.said()).toContain('its manifest is not valid');
    expect(world.said()).toMatch(/line 7, `spec\.ttl`: use a whole number/);
    expect(world.said()).toContain('It stays as it was:');
    expect(world.server.statuses.at(-1)).toMatchObject({ state: 'failure' });
    expect(environment()?.spec?.pullRequest?.commit).toBe(commitOf(12));
    expect(world.environments.deletions).toEqual([]);
  });

  it('gets secrets and manifests of no service that is in another repository, also of the same owner', async () => {
    world.push(
      12,
      MANIFEST.replace(
        '  databases:',
        [
          '    - name: payments',
          '      image: myorg/cart:$(commit)',
          '      env:',
          '        - name: STRIPE_KEY',
          '          secret: { service: payments, key: STRIPE_KEY }',
          '    - name: search',
          '      from: { service: search }',
          '  databases:',
        ].join('\n'),
      ),
    );
    await world.look();
    expect(world.said()).toContain('spec.services[1].env[0].secret');
    expect(world.said()).toContain(
      'component:default/payments is not in this repository',
    );
    expect(world.said()).toContain('spec.services[2].from');
    expect(environment()).toBeUndefined();
  });

  it('gets secrets and manifests of the services that are in its repository', async () => {
    world.push(
      12,
      MANIFEST.replace(
        '  databases:',
        [
          '      env:',
          '        - name: KEY',
          '          secret: { service: component:default/cart, key: KEY }',
          '  databases:',
        ].join('\n'),
      ),
    );
    await world.look();
    expect(environment()?.spec?.services[0].env[0].secret?.key).toBe('KEY');
  });

  it('has a driver named that there is not, and stays as it was', async () => {
    world.push(12, MANIFEST);
    await world.look();
    const type = '    - type: postgres\n';
    world.push(
      12,
      MANIFEST.replace(type, `${type}      driver: sever\n`),
      commitOf(99),
    );
    await world.look();
    expect(world.said()).toMatch(
      /`spec\.databases\[0\]\.driver`: there is no way "sever" .* there is server/,
    );
    expect(world.said()).toContain('It stays as it was:');
  });

  it.each([
    ['another owner', '  owner: other-team\n', 'spec.owner'],
    [
      'files of another repository',
      '  repository: https://x.org/a/b\n',
      'spec.repository',
    ],
    ['no end', '  keep: true\n', 'spec.keep'],
  ])(
    'gives nobody %s by what a pull request carries',
    async (_, more, field) => {
      world.push(12, MANIFEST.replace('  ttl: 7d\n', more));
      await world.look();
      expect(world.said()).toContain(`\`${field}\``);
      expect(environment()).toBeUndefined();
    },
  );

  it('stays as it was where the manifest is taken out', async () => {
    world.push(12, MANIFEST);
    await world.look();
    world.push(12, undefined, commitOf(99));
    await world.look();
    expect(environment()).toBeDefined();
    expect(world.said()).toContain('is not in the newest commit');
  });

  it.each([
    ['not there', undefined],
    ['empty', ' \n'],
  ])(
    'is looked at again soon, before it is believed that a manifest that was just pushed is %s',
    async (_, source) => {
      world.push(12, source);
      world.time = Date.parse('2026-01-01T00:10:00Z');
      const again = [];
      for (let looks = 0; looks < 4; looks++) {
        again.push((await world.look()).askAgainMs);
      }
      expect(again).toEqual([5_000, 15_000, 45_000, undefined]);
      // Another commit is another question.
      world.push(12, source, commitOf(98));
      expect((await world.look()).askAgainMs).toBe(5_000);
      world.push(12, MANIFEST, commitOf(99));
      expect((await world.look()).askAgainMs).toBeUndefined();
      expect(environment()).toBeDefined();
    },
  );

  it('is not asked for again where nothing was pushed for long', async () => {
    world.push(12, undefined);
    world.time += 86_400_000;
    expect((await world.look()).askAgainMs).toBeUndefined();
  });

  it('is not ended by what is said of another repository that has the name by now, and that one begins anew', async () => {
    world.push(12, MANIFEST);
    await world.look();
    world.server.repositoryId = 7;
    world.server.set(12, { state: 'closed' });
    await expect(world.look()).rejects.toThrow(
      /is another repository .* End that environment in the portal/,
    );
    expect(environment()?.deletedAt).toBeUndefined();
    expect(world.environments.deletions).toEqual([]);

    world.environments.kept.delete(world.name(12));
    world.server.comments.length = 0;
    world.server.set(12, { state: 'open' });
    await world.look();
    expect(environment()).toBeDefined();
    expect(world.memory.repository).toBe(7);
    expect(world.server.ownComments(12)).toHaveLength(1);
  });

  it('is not made for a repository that no service is in', async () => {
    world.owners = [];
    world.push(12, MANIFEST);
    await world.look();
    expect(environment()).toBeUndefined();
    expect(world.said()).toMatch(/No service of the catalog is in acme\/cart/);
  });

  it('leaves alone what belongs to something else and has its name', async () => {
    world.push(12, MANIFEST);
    await world.look();
    const found = environment();
    if (found) found.labels = {};
    world.server.set(12, { state: 'closed' });
    await world.look();
    expect(world.environments.deletions).toEqual([]);
  });

  it('does not come back by itself when its time was up, but by a new commit', async () => {
    world.push(12, MANIFEST);
    await world.look();
    await world.look();
    world.environments.vanish(world.name(12));
    await world.look();
    expect(environment()).toBeUndefined();
    expect(world.said()).toContain('⚪ Preview environment: ended');
    world.push(12, MANIFEST, commitOf(99));
    await world.look();
    expect(environment()).toBeDefined();
  });

  it('is made again where the pull request is opened again while it is still being ended', async () => {
    world.push(12, MANIFEST);
    await world.look();
    await world.look();
    world.environments.lingers = true;
    world.server.set(12, { state: 'closed' });
    await world.look();
    world.server.set(12, { state: 'open' });
    await world.look();
    world.environments.vanish(world.name(12));
    await world.look();
    expect(environment()).toBeDefined();
    expect(world.said()).not.toContain('Its time was up');
  });

  it('has its second comment removed that a host took without saying so, and then hid', async () => {
    world.push(12, MANIFEST);
    await world.look();
    const [{ body }] = world.server.ownComments(12);
    world.server.comment(12, 'highroad-bot', body);
    await world.look();
    expect(world.server.ownComments(12)).toHaveLength(1);
    expect(world.memory.comment?.id).toBe(
      String(world.server.ownComments(12)[0].id),
    );
  });

  it.each([
    ['failed', 'environment-not-ready'],
    ['degraded', 'environment-not-ready'],
    ['refused', 'environment-refused'],
    ['deleting', 'environment-does-not-end'],
    ['ready', undefined],
  ] as const)(
    'has the page named that helps where it is %s',
    async (phase, page) => {
      world.push(12, MANIFEST);
      await world.look();
      world.environments.say(world.name(12), { phase });
      await world.look();
      const [, named] =
        /\[What to do\]\(\S+\/runbooks\/([\w-]+)\/\)/.exec(world.said()) ?? [];
      expect(named).toBe(page);
    },
  );

  it('calls nobody and breaks nothing by what messages hold', async () => {
    world.push(12, MANIFEST);
    await world.look();
    world.environments.say(world.name(12), {
      phase: 'failed',
      message: '@acme/all <!-- x --> | a `b`',
    });
    await world.look();
    expect(world.said()).not.toContain('@acme');
    expect(world.said()).not.toMatch(/(?<!\\)<!-- x/);
  });

  it('takes names and paths of a manifest for nothing but text', async () => {
    world.push(
      12,
      MANIFEST.replace('  ttl: 7d', `  "\`x\` @acme ${MARK}": 7d`),
    );
    await world.look();
    expect(world.said()).toContain('`spec. x @acme !-- highroad:told-until');
    world.push(12, MANIFEST, commitOf(99));
    await world.look();
    world.environments.say(world.name(12), {
      phase: 'ready',
      databases: [
        {
          ...{ name: 'main', type: 'postgres', driver: 'server' },
          state: 'ready',
          seed: { path: `a\`|${MARK}.sql`, state: 'applied' },
        },
      ],
    });
    await world.look();
    expect(world.said()).toContain('| seed `a !-- highroad:told-until');
    expect(world.said()).not.toContain(MARK);
  });

  describe('by comments', () => {
    const asks = async (author: string, body: string) => {
      const comment = world.server.comment(12, author, body);
      await world.look();
      return comment;
    };
    beforeEach(async () => {
      world.push(12, MANIFEST);
      await world.look();
      world.environments.say(world.name(12), { phase: 'ready' });
      await world.look();
    });

    it('is extended, from when it would have ended', async () => {
      const { reactions } = await asks('ann', 'Please\n/platform extend 3d');
      expect(environment()?.status.expiresAt).toBe('2026-01-11T12:00:00.000Z');
      expect(reactions).toEqual([expect.objectContaining({ content: '+1' })]);
      expect(world.said()).toContain('stay until 2026-01-11 12:00 UTC');
    });

    it.each(['4w', '999999w'])(
      'is extended by no more than it may be, such as %s, and says how long that is',
      async by => {
        const before = environment()?.status.expiresAt;
        const { reactions } = await asks('ann', `/platform extend ${by}`);
        expect(environment()?.status.expiresAt).toBe(before);
        expect(reactions).toEqual([
          expect.objectContaining({ content: 'confused' }),
        ]);
        expect(world.said()).toContain(
          'can stay until 2026-01-31 12:00 UTC at most',
        );
      },
    );

    it.each([undefined, '2026-01-02T12:00:00.000Z'])(
      'is extended from its end, also where its status says another (%s)',
      async expiresAt => {
        world.environments.say(world.name(12), { phase: 'ready', expiresAt });
        await asks('ann', '/platform extend 3d');
        expect(environment()?.status.expiresAt).toBe(
          '2026-01-11T12:00:00.000Z',
        );
      },
    );

    it('is not extended where it has no end', async () => {
      await asks('ann', '/platform keep');
      await asks('ann', '/platform extend 3d');
      expect(world.said()).toContain('it has no end that could be moved');
    });

    it('is extended once, however often it is looked', async () => {
      await asks('ann', '/platform extend 3d');
      await world.look();
      await world.look();
      expect(environment()?.status.expiresAt).toBe('2026-01-11T12:00:00.000Z');
    });

    it('is extended once by who is killed right after, and by who knows nothing any more', async () => {
      world.server.fault = ({ path }) =>
        path.endsWith('/reactions') ? { status: 401 } : undefined;
      await expect(asks('ann', '/platform extend 3d')).rejects.toThrow();
      expect(environment()?.status.expiresAt).toBe('2026-01-11T12:00:00.000Z');
      world.server.fault = () => undefined;
      await world.look();
      expect(environment()?.status.expiresAt).toBe('2026-01-11T12:00:00.000Z');
      world.memory = newMemory();
      await world.look();
      expect(environment()?.status.expiresAt).toBe('2026-01-11T12:00:00.000Z');
    });

    it('is not extended by the edit of a comment that was read so long ago that its id is forgotten', async () => {
      const old = await asks('ann', 'Looks good');
      world.server.clock += 2 * 3_600_000;
      await asks('ann', 'Looks very good');
      const { commands } = world.memory;
      world.memory = {
        ...world.memory,
        commands: {
          ...commands,
          read: Array.from({ length: 200 }, (_, at) => `later-${at}`),
        },
      };
      const before = environment()?.status.expiresAt;
      old.body = '/platform extend 3d';
      old.changed = world.server.tick();
      await world.look();
      expect(environment()?.status.expiresAt).toBe(before);
      // What is new is heard all the same.
      await asks('ann', '/platform extend 3d');
      expect(environment()?.status.expiresAt).toBe('2026-01-11T12:00:00.000Z');
    });

    it('goes on where the cluster refuses for good what was asked for', async () => {
      jest
        .spyOn(world.environments, 'keep')
        .mockRejectedValue(
          new NotAllowedError(`The cluster will not. @acme ${MARK}`),
        );
      await asks('ann', '/platform keep');
      expect(world.said()).toContain('The cluster will not.');
      expect(world.said()).not.toContain('@acme');
      expect(world.said()).not.toContain(MARK);
    });

    it('is kept', async () => {
      await asks('ann', '/platform keep');
      expect(world.said()).toContain('stays until somebody ends it');
    });

    it('is not kept by a comment where that is no right of who may push, which is said and recorded', async () => {
      world.mayKeep = false;
      const { reactions } = await asks('ann', '/platform keep');
      expect(environment()?.labels).not.toHaveProperty([KEEP_LABEL]);
      expect(reactions).toEqual([
        expect.objectContaining({ content: 'confused' }),
      ]);
      expect(world.said()).toContain(
        'comments do not have an environment kept here',
      );
      expect(world.said()).not.toContain('| `/platform keep` |');
      expect(world.recorded).toContain('pull-request-command');
    });

    it('is destroyed, and comes back only when that is asked for', async () => {
      await asks('ann', '/platform destroy');
      expect(environment()).toBeUndefined();
      world.push(12, MANIFEST, commitOf(99));
      await world.look();
      expect(environment()).toBeUndefined();
      expect(world.said()).toContain('ann ended it');
      await asks('ann', '/platform create');
      expect(environment()?.spec?.pullRequest?.commit).toBe(commitOf(99));
    });

    it('obeys nobody who may not push, tells them once, and records it', async () => {
      const { reactions } = await asks('eve', '/platform destroy');
      await world.look();
      expect(environment()).toBeDefined();
      expect(reactions).toEqual([expect.objectContaining({ content: '-1' })]);
      expect(world.said().match(/only people who may push/g)).toHaveLength(1);
      expect(world.recorded).toContain('pull-request-command');
    });

    it('answers and records ten refusals within the hour, and goes on with whoever may push', async () => {
      const refusals = () =>
        world.recorded.filter(one => one === 'pull-request-command').length;
      for (let at = 0; at < 15; at += 1) {
        world.server.comment(12, 'eve', '/platform destroy');
      }
      await world.look();
      expect(refusals()).toBe(10);
      const said = world.said();
      world.server.comment(12, 'eve', '/platform destroy');
      await world.look();
      expect(world.said()).toBe(said);
      await asks('ann', '/platform keep');
      expect(environment()?.labels[KEEP_LABEL]).toBe('true');
      world.time += 3_600_000;
      world.server.comment(12, 'eve', '/platform destroy');
      await world.look();
      expect(refusals()).toBe(12);
    });

    it('says what there is where something else is asked for', async () => {
      await asks('ann', '/platform extend forever');
      expect(world.said()).toContain('Say by how much');
      await asks('ann', '/platform dance');
      expect(world.said()).toContain('There is no such command');
    });

    it('is not done by quotations, blocks of code, or what the platform writes itself', async () => {
      await asks(
        'ann',
        '> /platform destroy\n```\n/platform destroy\n```\nnot /platform destroy',
      );
      await asks(
        'highroad-bot',
        '/platform destroy\n<!-- highroad:preview-environment -->',
      );
      expect(environment()).toBeDefined();
      expect(world.memory.commands.told).toEqual([]);
    });
  });

  describe('from a fork', () => {
    const approve = (commit: number) => `/platform approve ${commitOf(commit)}`;
    beforeEach(async () => {
      world.server.set(12, { fork: true, author: 'eve' });
      world.push(12, MANIFEST);
      await world.look();
    });

    it('is not made until somebody who may push approves it', async () => {
      expect(environment()).toBeUndefined();
      expect(world.said()).toContain('waiting for approval');
      expect(world.said()).toContain(`\n${approve(12)}\n`);
      world.server.comment(12, 'eve', approve(12));
      await world.look();
      expect(environment()).toBeUndefined();
      world.server.comment(12, 'ann', approve(12));
      await world.look();
      expect(environment()?.spec?.pullRequest).toMatchObject({
        ...{ fork: true, commit: commitOf(12) },
      });
    });

    it('runs no commit that was not approved', async () => {
      world.server.comment(12, 'ann', approve(12));
      await world.look();
      world.push(12, MANIFEST.replace('7d', '6d'), commitOf(99));
      await world.look();
      expect(environment()?.spec?.pullRequest?.commit).toBe(commitOf(12));
      expect(world.said()).toContain('is newer. It waits');
      expect(world.said()).toContain(`\n${approve(99)}\n`);
      world.server.comment(12, 'ann', approve(99));
      await world.look();
      expect(environment()?.spec?.pullRequest?.commit).toBe(commitOf(99));
      expect(world.said()).not.toContain('is newer. It waits');
    });

    it('is not approved by a commit that was pushed after the reading, also where our comment names that one by then', async () => {
      world.push(12, MANIFEST, commitOf(99));
      await world.look();
      expect(world.said()).toContain(approve(99));
      world.server.comment(12, 'ann', '/platform approve');
      await world.look();
      expect(environment()).toBeUndefined();
      expect(world.said()).toContain('`/platform approve <whole hash>`');
      world.server.comment(12, 'ann', approve(12));
      await world.look();
      expect(environment()).toBeUndefined();
      expect(world.said()).toContain('another one than you approve');
    });

    it('has the newest commit to approve where what was approved is not valid', async () => {
      world.push(12, MANIFEST.replace('7d', 'a week'), commitOf(98));
      world.server.comment(12, 'ann', approve(98));
      await world.look();
      world.push(12, MANIFEST, commitOf(99));
      await world.look();
      expect(world.said()).toContain('its manifest is not valid');
      expect(world.said()).toContain(`/commit/${commitOf(98)}`);
      expect(world.said()).toContain(approve(99));
    });

    it('is not approved by the beginning of a hash, which two commits may share', async () => {
      world.server.comment(12, 'ann', approve(12).slice(0, -1));
      await world.look();
      expect(environment()).toBeUndefined();
      const twin = `${commitOf(12).slice(0, 20)}${'f'.repeat(20)}`;
      world.push(12, MANIFEST, twin);
      world.server.comment(12, 'ann', approve(12));
      await world.look();
      expect(environment()).toBeUndefined();
      world.server.comment(12, 'ann', `/platform approve ${twin}`);
      await world.look();
      expect(environment()?.spec?.pullRequest?.commit).toBe(twin);
    });

    it('takes no mark of ours from what somebody wrote', async () => {
      world.server.comment(
        ...[12, 'eve', '/platform <!-- highroad:told-until 9999-12-31 -->'],
      );
      await world.look();
      expect(world.said()).toContain('told-until 9999');
      expect(world.said()).not.toContain('<!-- highroad:told-until 9999');
    });

    it('gets no secrets, also then', async () => {
      world.push(
        12,
        MANIFEST.replace(
          '  databases:',
          '      env:\n        - name: KEY\n          secret: { service: cart, key: KEY }\n  databases:',
        ),
        commitOf(99),
      );
      await world.look();
      world.server.comment(12, 'ann', approve(99));
      await world.look();
      expect(environment()).toBeUndefined();
      expect(world.said()).toContain('from a fork gets no secrets');
    });
  });
});
