import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { NotificationSendOptions } from '@backstage/plugin-notifications-node';
import { Knex } from 'knex';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ANNA,
  BROKEN,
  FakeCluster,
  migrate,
  mortal,
  PRODUCTION,
  STAGING,
  WAITING,
  world,
} from '../../__testUtils__/world';
import { DeliveryStore } from '../../database/DeliveryStore';
import {
  DelayedError,
  readSlackSettings,
  SlackChannel,
} from '@highroad/plugin-platform-node/slack';
import {
  SlackServer,
  TOKEN,
} from '@highroad/plugin-platform-node/slack/testing';
import { Contact } from './Contacts';
import { Deliverer } from './Deliverer';
import { NotificationTarget } from './NotificationTarget';
import { SlackTarget } from './SlackTarget';
import { Target } from './Target';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const once = { supersede: false };

describe.each(databases.eachSupportedId())('telling, on %s', databaseId => {
  let db: Knex;
  let slack: SlackServer;
  let apiUrl: string;
  let contact: Contact;
  let sent: NotificationSendOptions[];
  let notificationsDown: boolean;
  let triedInVain: number;
  /** What was asked of the stores, in turn */
  let asked: string[];
  let cluster: FakeCluster;
  const stops: Array<() => Promise<void>> = [];

  beforeEach(async () => {
    db = await databases.init(databaseId);
    await migrate(db);
    slack = new SlackServer();
    apiUrl = await slack.start();
    contact = { owner: 'group:default/payments' };
    sent = [];
    notificationsDown = false;
    triedInVain = 0;
    asked = [];
    cluster = new FakeCluster();
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    await slack.stop();
    await db.destroy();
    // What Slack would refuse fails the test that asked for it.
    if (slack.problems.length > 0) throw new Error(slack.problems.join('\n'));
  });

  const contacts = { of: async () => contact };
  const slackTarget = () =>
    new SlackTarget({
      baseUrl: 'https://portal.example/',
      channelOf: environment =>
        environment === 'production' ? 'C0000000002' : '#deployments',
      contacts,
      slack: new SlackChannel({ token: TOKEN, apiUrl }),
    });
  const notificationTarget = () =>
    new NotificationTarget({
      contacts,
      notifications: {
        send: async options => {
          if (notificationsDown) {
            triedInVain += 1;
            throw new Error('No answer');
          }
          sent.push(options);
        },
      },
    });

  const startWorld = () => {
    const made = world(db, { cluster });
    const worker = made.newWorker();
    worker.start();
    stops.push(() => worker.stop());
    return made;
  };
  const startTelling = async (
    made: ReturnType<typeof world>,
    target: Target,
    options: {
      holder?: string;
      store?: DeliveryStore;
      now?: () => Date;
      elapsed?: () => number;
    } = {},
  ) => {
    const store = noting(options.store ?? new DeliveryStore(db), asked);
    await store.add(target.name);
    const deliverer = new Deliverer({
      ...{ holder: options.holder ?? 'teller', elapsed: options.elapsed },
      logger: mockServices.logger.mock(),
      now: options.now ?? (() => new Date()),
      random: () => 0,
      reader: made.reader,
      store,
      target,
    });
    deliverer.start();
    stops.push(() => deliverer.stop());
    return deliverer;
  };
  /** Waits until it was asked for so often more. */
  const more = async (name: 'claim' | 'due', times: number) => {
    const count = () => asked.filter(one => one === name).length;
    const before = count();
    await until(() => count() >= before + times);
  };
  const states = () => slack.messages.map(({ text }) => text.split(':')[0]);

  it('posts one message for each deployment, and changes it until it says how it ended', async () => {
    const made = startWorld();
    await startTelling(made, slackTarget());
    cluster.looks['1.0.0'] = WAITING;
    const { id } = await made.service.deploy(
      STAGING,
      '1.0.0',
      { ...ANNA, reason: 'fixes <checkout> & more' },
      once,
    );
    await until(() => slack.messages[0]?.text.startsWith('… shifting'));
    cluster.looks = {};
    await until(() => slack.messages[0]?.text.startsWith('✔ succeeded'));
    expect(slack.messages).toMatchObject([
      {
        channel: 'C0000000001',
        text: '✔ succeeded: 1.0.0 of cart to staging. 1.0.0 runs in staging',
        blocks: [
          {
            text: {
              text: `*✔ succeeded* <https://portal.example/deployments/${id}|1.0.0 of cart to staging>\n1.0.0 runs in staging`,
            },
          },
          {
            elements: [
              {
                text: 'Asked for by anna: “fixes &lt;checkout&gt; &amp; more”',
              },
            ],
          },
        ],
        metadata: {
          event_type: 'highroad_deployment',
          event_payload: { id },
        },
      },
    ]);
    expect(slack.messages[0].edits).toBeGreaterThan(0);
  });

  it('tells the environment’s channel, or the service’s own', async () => {
    const made = startWorld();
    await startTelling(made, slackTarget());
    const first = await made.service.deploy(PRODUCTION, '1', ANNA, once);
    await until(() => states()[0] === '⏸ waiting for approval');
    await made.service.wish(first.id, 'cancel', ANNA.requestedBy);
    await until(() => states()[0] === '⊘ cancelled');
    contact = { slackChannel: '#cart-deploys' };
    await made.ended((await made.service.deploy(STAGING, '1', ANNA, once)).id);
    await until(() => states()[1] === '✔ succeeded');
    expect(slack.messages.map(({ channel }) => channel)).toEqual([
      'C0000000002',
      'C0000000003',
    ]);
  });

  it('delays no deployment while Slack is down, and tells the end once it is back, once', async () => {
    slack.mode = { kind: 'down' };
    const made = startWorld();
    await startTelling(made, slackTarget());
    cluster.looks['2.0.0'] = BROKEN;
    await made.ended(
      (
        await made.service.deploy(STAGING, '1.0.0', ANNA, once)
      ).id,
    );
    const bad = await made.service.deploy(STAGING, '2.0.0', ANNA, once);
    const failed = await made.ended(bad.id);
    expect(failed.state).toBe('failed');
    await made.ended(String(failed.undoneBy));
    await until(() => slack.calls.length > 0);
    expect(slack.messages).toEqual([]);
    slack.mode = { kind: 'up' };
    await until(() => slack.messages.length === 3);
    await more('due', 2);
    expect(slack.messages.map(({ text }) => text).sort()).toEqual([
      '✔ succeeded: 1.0.0 of cart to staging. 1.0.0 runs in staging',
      '✔ succeeded: back to 1.0.0 of cart in staging. 1.0.0 runs in staging',
      '✖ failed: 2.0.0 of cart to staging. The image cannot be pulled. 1.0.0 is put back.',
    ]);
  });

  it('finds a message again whose post was cut off, rather than posting another', async () => {
    slack.mode = { kind: 'cut-off' };
    cluster.looks['1.0.0'] = WAITING;
    const made = startWorld();
    await startTelling(made, slackTarget());
    const { id } = await made.service.deploy(STAGING, '1.0.0', ANNA, once);
    await until(() => slack.messages.length > 0);
    slack.mode = { kind: 'up' };
    cluster.looks = {};
    await made.ended(id);
    // Others' messages are between, more than a page of them.
    for (let number = 0; number < 3; number++) {
      slack.messages.push({
        ...slack.messages[0],
        ts: `other-${number}`,
        text: 'hello',
        metadata: { event_type: 'other', event_payload: { id } },
      });
    }
    await until(() => states().includes('✔ succeeded'));
    expect(states()).toEqual(['✔ succeeded', 'hello', 'hello', 'hello']);
    expect(slack.calls.map(({ method }) => method)).toContain(
      'conversations.history',
    );
  });

  it('does not post twice when it is killed between the post and writing that down', async () => {
    cluster.looks['1.0.0'] = WAITING;
    const made = startWorld();
    let dead = false;
    const store = new DeliveryStore(db);
    const dying = new Proxy(
      mortal(store, () => dead),
      {
        get(target, name) {
          if (name === 'delivered') dead = dead || slack.messages.length > 0;
          return Reflect.get(target, name);
        },
      },
    );
    const target = slackTarget();
    await store.add(target.name);
    const killed = new Deliverer({
      holder: 'dying',
      logger: mockServices.logger.mock(),
      now: () => new Date(),
      random: () => 0,
      reader: made.reader,
      store: dying,
      target,
    });
    killed.start();
    const { id } = await made.service.deploy(STAGING, '1.0.0', ANNA, once);
    await until(() => dead);
    cluster.looks = {};
    await made.ended(id);
    // The next takes over when the lease has ended: its clock is ahead of that.
    await startTelling(made, slackTarget(), {
      holder: 'next',
      now: () => new Date(Date.now() + 120_000),
    });
    await until(() => states().includes('✔ succeeded'));
    expect(slack.messages).toHaveLength(1);
  });

  it('finds it again too where the clock that the deployment was dated by is far ahead of Slack’s', async () => {
    await slack.stop();
    slack = new SlackServer({ now: () => new Date() });
    apiUrl = await slack.start();
    slack.mode = { kind: 'cut-off' };
    cluster.looks['1.0.0'] = WAITING;
    const now = () => new Date(Date.now() + 90 * 60_000);
    const made = world(db, { cluster, now });
    const worker = made.newWorker();
    worker.start();
    stops.push(() => worker.stop());
    await startTelling(made, slackTarget(), { now });
    const { id } = await made.service.deploy(STAGING, '1.0.0', ANNA, once);
    await until(() => slack.messages.length > 0);
    slack.mode = { kind: 'up' };
    cluster.looks = {};
    await made.ended(id);
    await until(() => states().includes('✔ succeeded'));
    expect(slack.messages).toHaveLength(1);
  });

  it.each([10, -10])(
    'posts once where a process whose clock is %s minutes ahead looks while another waits for Slack',
    async minutes => {
      cluster.looks['1.0.0'] = WAITING;
      const made = startWorld();
      slack.mode = { kind: 'slow', ms: 7_500 };
      await startTelling(made, slackTarget(), { holder: 'here' });
      const { id } = await made.service.deploy(STAGING, '1.0.0', ANNA, once);
      await until(() => slack.calls.length > 0);
      await startTelling(made, slackTarget(), {
        holder: 'elsewhere',
        now: () => new Date(Date.now() + minutes * 60_000),
      });
      await until(() => slack.messages.length > 0);
      slack.mode = { kind: 'up' };
      cluster.looks = {};
      await made.ended(id);
      await until(() => states().includes('✔ succeeded'));
      expect(slack.messages).toHaveLength(1);
    },
  );

  it.each([
    ['far ahead', 90],
    ['far behind', -90],
  ])(
    'is told by another where who told it is dead, and its clock was %s',
    async (_, minutes) => {
      const made = startWorld();
      const store = new DeliveryStore(db);
      await store.add('slack');
      const at = new Date(Date.now() + minutes * 60_000).toISOString();
      const lease = await store.claim('slack', {
        ...{ holder: 'dead', now: at },
        until: new Date(Date.parse(at) + 60_000).toISOString(),
      });
      const { id } = await made.service.deploy(STAGING, '1.0.0', ANNA, once);
      await made.ended(id);
      if (lease) await store.take(lease, at);
      let elapsed = 0;
      await startTelling(made, slackTarget(), {
        holder: 'here',
        elapsed: () => elapsed,
      });
      await more('claim', 3);
      expect(slack.messages).toEqual([]);
      elapsed = 60_000;
      await until(() => states().includes('✔ succeeded'));
    },
  );

  it('posts once however many processes deliver', async () => {
    const made = startWorld();
    for (const holder of ['one', 'two', 'three']) {
      await startTelling(made, slackTarget(), { holder });
    }
    for (const version of ['1', '2', '3']) {
      await made.ended(
        (
          await made.service.deploy(STAGING, version, ANNA, once)
        ).id,
      );
    }
    await until(
      () => states().filter(state => state === '✔ succeeded').length === 3,
    );
    expect(slack.messages).toHaveLength(3);
  });

  it('leaves Slack alone for as long as it asks for', async () => {
    slack.mode = { kind: 'busy', retryAfter: 3 };
    const made = startWorld();
    await startTelling(made, slackTarget());
    const { id } = await made.service.deploy(STAGING, '1.0.0', ANNA, once);
    await until(() => slack.calls.length === 1);
    const [{ at }] = slack.calls;
    await made.ended(id);
    slack.mode = { kind: 'up' };
    const other = { ...STAGING, service: 'component:default/other' };
    await made.ended((await made.service.deploy(other, '1', ANNA, once)).id);
    await until(() => slack.messages.length === 2);
    expect(slack.calls[1].at - at).toBeGreaterThanOrEqual(2_990);
    // Nothing was posted, so nothing is looked for.
    expect(slack.calls.map(({ method }) => method)).not.toContain(
      'conversations.history',
    );
  });

  it('leaves alone for an hour who asks for more than that', async () => {
    const made = startWorld();
    let told = 0;
    let ahead = 0;
    await startTelling(
      made,
      {
        name: 'busy',
        tell: async () => {
          told += 1;
          throw new DelayedError('Not now', 2 * 3_600_000);
        },
      },
      { now: () => new Date(Date.now() + ahead) },
    );
    await made.ended((await made.service.deploy(STAGING, '1', ANNA, once)).id);
    await until(() => told > 0);
    await more('due', 3);
    expect(told).toBe(1);
    ahead = 3_600_000;
    await until(() => told === 2);
  });

  it('goes on with others when Slack refuses one, and does not make again what a person deleted', async () => {
    const made = startWorld();
    await startTelling(made, slackTarget());
    contact = { slackChannel: '#nowhere' };
    slack.mode = { kind: 'refuses', error: 'channel_not_found' };
    await made.ended((await made.service.deploy(STAGING, '1', ANNA, once)).id);
    await until(() => slack.calls.length > 0);
    contact = {};
    slack.mode = { kind: 'up' };
    await made.ended((await made.service.deploy(STAGING, '2', ANNA, once)).id);
    await until(() => slack.messages.length === 2);

    cluster.looks['3'] = WAITING;
    const third = await made.service.deploy(STAGING, '3', ANNA, once);
    await until(() => states()[2] === '… shifting');
    slack.messages.pop();
    cluster.looks = {};
    await made.ended(third.id);
    const before = slack.calls.length;
    await until(() => slack.calls.length > before);
    await more('due', 2);
    expect(slack.messages).toHaveLength(2);
    expect(slack.problems.splice(0)).toEqual([
      'chat.update: message_not_found',
    ]);
  });

  it('tells a new target nothing of what was before', async () => {
    const made = startWorld();
    await made.ended((await made.service.deploy(STAGING, '1', ANNA, once)).id);
    await startTelling(made, slackTarget());
    await made.ended((await made.service.deploy(STAGING, '2', ANNA, once)).id);
    await until(() => states()[0] === '✔ succeeded');
    expect(slack.messages).toHaveLength(1);
    expect(slack.messages[0].text).toContain('2 of cart');
  });

  it('notifies the owners of what failed and what was rolled back, once each, also after an outage', async () => {
    notificationsDown = true;
    const made = startWorld();
    await startTelling(made, notificationTarget());
    cluster.looks['2.0.0'] = BROKEN;
    for (const version of ['1.0.0', '1.1.0']) {
      await made.ended(
        (
          await made.service.deploy(STAGING, version, ANNA, once)
        ).id,
      );
    }
    const bad = await made.service.deploy(STAGING, '2.0.0', ANNA, once);
    await made.ended(String((await made.ended(bad.id)).undoneBy));
    await until(() => triedInVain > 0);
    notificationsDown = false;
    await until(() => sent.length === 1);
    const back = await made.service.rollback(STAGING, undefined, ANNA);
    await made.ended(back.id);
    await until(() => sent.length === 2);
    await more('due', 2);
    expect(sent).toEqual([
      {
        recipients: { type: 'entity', entityRef: 'group:default/payments' },
        payload: {
          title: 'Failed: 2.0.0 of cart to staging',
          description: 'The image cannot be pulled. 1.1.0 is put back.',
          link: `/deployments/${bad.id}`,
          severity: 'high',
          topic: 'deployments',
          scope: bad.id,
        },
      },
      expect.objectContaining({
        payload: expect.objectContaining({
          title: expect.stringMatching(
            /^Rolled back by anna: back to .* of cart in staging$/,
          ),
          scope: back.id,
        }),
      }),
    ]);
  });
});

describe('the settings of Slack', () => {
  const read = (slack: object) =>
    readSlackSettings(new ConfigReader({ platform: { slack } } as never));

  it('stop the start with the path of what is wrong', () => {
    expect(() => read({ token: 'secret-value' })).toThrow(
      /^The configuration is not valid\. platform\.slack\.token: use the token of an app’s bot, xoxb-…$/,
    );
    expect(() => read({ token: TOKEN, channel: 'Not a channel' })).toThrow(
      /platform\.slack\.channel: write a channel such as "#deployments"/,
    );
    expect(read({ token: TOKEN, channel: '#deployments' })).toEqual({
      token: TOKEN,
      channel: '#deployments',
    });
  });
});

/** The same store, with the names of what is asked of it noted. */
function noting<T extends object>(store: T, asked: string[]): T {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        asked.push(String(name));
        return Reflect.apply(value, target, args) as unknown;
      };
    },
  });
}

async function until(is: () => boolean): Promise<void> {
  for (let tries = 0; tries < 800; tries++) {
    if (is()) return;
    await sleep(25);
  }
  throw new Error('It did not come to that.');
}
