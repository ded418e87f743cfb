import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { environmentManifestSchema } from '@highroad/plugin-environments-common';
import { SlackChannel } from '@highroad/plugin-platform-node/slack';
import {
  SlackServer,
  TOKEN,
} from '@highroad/plugin-platform-node/slack/testing';
import { Knex } from 'knex';
import { EnvironmentsInMemory } from '../pullRequests/__testUtils__/EnvironmentsInMemory';
import { Announcer } from './Announcer';
import { AnnouncementStore } from './AnnouncementStore';
import { OwnerChannels } from './OwnerChannels';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const MINUTE = 60_000;
/** That it ends on that day of January 2026, at noon. */
const endsOn = (day: string) => ({
  expiresAt: `2026-01-${day}T12:00:00.000Z`,
  warnings: [
    `It ends 2026-01-${day} 12:00 UTC. Extend it if you still need it.`,
  ],
});

describe.each(databases.eachSupportedId())('telling in Slack, on %s', id => {
  let db: Knex;
  let slack: SlackServer;
  let apiUrl: string;
  let environments: EnvironmentsInMemory;
  let time: number;
  const logger = mockServices.logger.mock();
  const auth = mockServices.auth();
  const now = () => new Date(time);

  beforeAll(async () => {
    db = await databases.init(id);
    await db.migrate.latest({
      directory: resolvePackagePath(
        '@highroad/plugin-environments-backend',
        'migrations',
      ),
    });
  });
  afterAll(() => db?.destroy());
  beforeEach(async () => {
    await db('environment_announcements').delete();
    jest.clearAllMocks();
    // Slack's clock is its own: messages are looked for from shortly before.
    time = Date.parse('2023-11-14T22:00:00Z');
    environments = new EnvironmentsInMemory(now);
    slack = new SlackServer();
    apiUrl = await slack.start();
  });
  afterEach(async () => {
    await slack.stop();
    if (slack.problems.length > 0) throw new Error(slack.problems.join());
  });

  const announcer = (holder = 'one', usual: string | undefined = undefined) =>
    new Announcer({
      ...{ environments, holder, logger, now, random: () => 0.5 },
      channels: new OwnerChannels({
        ...{ auth, usual },
        catalog: catalogServiceMock({
          entities: [
            {
              ...{ apiVersion: 'backstage.io/v1alpha1', kind: 'Group' },
              metadata: {
                name: 'shop',
                annotations: {
                  'platform.myorg.com/slack-channel': '#cart-deploys',
                },
              },
            },
          ],
        }),
      }),
      portalUrl: 'https://portal.example.com',
      slack: new SlackChannel({ token: TOKEN, apiUrl }),
      store: new AnnouncementStore(db),
    });
  const make = async (owner = 'group:default/shop') => {
    const manifest = environmentManifestSchema.parse({
      ...{ apiVersion: 'platform.myorg.com/v1', kind: 'Environment' },
      metadata: { name: 'demo' },
      spec: { type: 'preview', services: [{ name: 'api', image: 'api:1' }] },
    });
    await environments.apply(manifest, { owner });
  };
  /** Has what stands now be told by somebody, who is through with it. */
  const look = async (by: Announcer) => {
    for (const resource of environments.kept.values()) await by.want(resource);
    await by.tell();
  };

  it('says once before its end, in the channel of its team, and again before another end', async () => {
    await make();
    environments.say('demo', { phase: 'ready', ...endsOn('02') });
    await look(announcer());
    await look(announcer('two'));
    expect(slack.messages).toHaveLength(1);
    expect(slack.messages[0].channel).toBe('C0000000003');
    expect(JSON.stringify(slack.messages[0])).toMatch(
      /Ends soon.*https:\/\/portal\.example\.com\/environments\/demo.*It ends 2026-01-02/,
    );
    await environments.extend(
      { home: environments.home, name: 'demo' },
      new Date('2026-01-09T12:00:00Z'),
    );
    environments.say('demo', endsOn('09'));
    await look(announcer());
    expect(slack.messages).toHaveLength(2);
  });

  it('says nothing of its end for what else there is to know of it, and says it when it is near', async () => {
    await make();
    const { expiresAt, warnings } = endsOn('02');
    const other = 'It asks to be kept, and is not.';
    environments.say('demo', { phase: 'ready', expiresAt, warnings: [other] });
    await look(announcer());
    expect(slack.messages).toEqual([]);
    environments.say('demo', { expiresAt, warnings: [other, ...warnings] });
    await look(announcer());
    expect(slack.messages).toHaveLength(1);
    expect(JSON.stringify(slack.messages[0])).toMatch(
      /Ends soon.*It ends 2026-01-02/,
    );
  });

  it('says why it failed, once for each state of its manifest', async () => {
    await make();
    const failed = {
      phase: 'failed' as const,
      message: 'Database main: demo.sql, line 3: no table <!channel> & more.',
    };
    environments.say('demo', failed);
    const by = announcer();
    await look(by);
    await look(by);
    expect(slack.messages.map(({ text }) => text)).toEqual([
      'Failed: environment demo. Database main: demo.sql, line 3: no table &lt;!channel&gt; &amp; more.',
    ]);
    await make();
    environments.say('demo', failed);
    await look(by);
    expect(slack.messages).toHaveLength(2);
  });

  it('says of one that was ready only where it is not so again within two minutes', async () => {
    await make();
    const by = announcer();
    const degraded = { phase: 'degraded' as const, message: 'api is away.' };
    environments.say('demo', degraded);
    await look(by);
    environments.say('demo', { phase: 'ready' });
    time += 2 * MINUTE;
    await look(by);
    expect(slack.messages).toEqual([]);
    environments.say('demo', degraded);
    await look(by);
    time += 2 * MINUTE;
    await look(by);
    expect(slack.messages.map(({ text }) => text)).toEqual([
      'Degraded: environment demo. api is away.',
    ]);
  });

  it('fails nothing while Slack is away, and says it once when that is back', async () => {
    await make();
    slack.mode = { kind: 'down' };
    const by = announcer();
    environments.say('demo', { phase: 'failed', message: 'No.' });
    for (let tries = 0; tries < 3; tries++) {
      await look(by);
      time += 5 * MINUTE;
    }
    expect(slack.messages).toEqual([]);
    expect(logger.warn).toHaveBeenCalledTimes(1);
    slack.mode = { kind: 'up' };
    await look(by);
    await look(by);
    expect(slack.messages).toHaveLength(1);
  });

  it('says nothing twice after a message whose answer was cut off', async () => {
    await make();
    slack.mode = { kind: 'cut-off' };
    environments.say('demo', { phase: 'failed', message: 'No.' });
    await look(announcer());
    expect(slack.messages).toHaveLength(1);
    slack.mode = { kind: 'up' };
    time += 5 * MINUTE;
    await look(announcer('two'));
    time += 5 * MINUTE;
    await look(announcer('two'));
    expect(slack.messages).toHaveLength(1);
    expect(slack.calls.map(({ method }) => method)).toContain(
      'conversations.history',
    );
  });

  it('says it where everybody is told for a team without a channel, and else nowhere', async () => {
    await make('group:default/nobody');
    environments.say('demo', { phase: 'failed', message: 'No.' });
    await look(announcer());
    expect(slack.messages).toEqual([]);
    await make('group:default/nobody');
    environments.say('demo', { phase: 'failed', message: 'No.' });
    await look(announcer('one', '#deployments'));
    expect(slack.messages.map(({ channel }) => channel)).toEqual([
      'C0000000001',
    ]);
  });

  it('forgets after thirty days what was told of one that went unseen, and nothing of one that is there', async () => {
    await make();
    environments.say('demo', { phase: 'failed', message: 'No.' });
    await look(announcer());
    const rows = () => db('environment_announcements').select('uid');
    const [{ uid }] = await rows();
    await db('environment_announcements').insert({
      ...(await db('environment_announcements').first()),
      ...{ uid: 'gone', name: 'gone' },
    });
    time += 30 * 24 * 60 * MINUTE;
    await announcer().tidy();
    expect(await rows()).toHaveLength(2);
    time += 1;
    await announcer().tidy();
    expect(await rows()).toEqual([{ uid }]);
  });

  it('forgets what is gone, and goes on by itself from what the environments say', async () => {
    await make();
    const by = announcer();
    by.start();
    environments.say('demo', { phase: 'failed', message: 'No.' });
    const until = async (is: () => Promise<boolean>) => {
      const end = Date.now() + 20_000;
      while (!(await is()) && Date.now() < end) {
        await new Promise(resolve => {
          setImmediate(resolve);
        });
      }
    };
    await until(async () => slack.messages.length > 0);
    expect(slack.messages).toHaveLength(1);
    environments.vanish('demo');
    const left = async () =>
      (await db('environment_announcements').select()).length;
    await until(async () => (await left()) === 0);
    expect(await left()).toBe(0);
    await by.stop();
  });
});
