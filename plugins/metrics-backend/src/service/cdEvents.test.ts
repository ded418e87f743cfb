import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import {
  allFacts,
  CART,
  committed,
  ledgerOn,
  migrate,
  sha,
} from '../__testUtils__/ledger';

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const DIGEST = `sha256:${'0b31b1c0'.repeat(8)}`;
const HASH = 'c'.repeat(40);
const PIPELINE = 'external:ci-cart';

/** An event as the specification has it: its context, its subject, and what is one's own. */
const cdEvent = (
  type: string,
  subject: { id: string; content: object },
  more: { at?: string; id?: string; customData?: unknown } = {},
) => ({
  context: {
    version: '0.4.1',
    id: more.id ?? `${type} ${subject.id} ${more.at}`,
    source: '/event/source/ci',
    type: `dev.cdevents.${type}`,
    timestamp: more.at ?? '2026-06-01T12:00:00Z',
  },
  subject: { source: '/event/source/ci', ...subject },
  ...(more.customData !== undefined && {
    ...{
      customData: more.customData,
      customDataContentType: 'application/json',
    },
  }),
});
const content = (artifact = DIGEST, environment = 'production') => ({
  environment: { id: environment, source: '/clusters' },
  artifactId: `pkg:oci/cart@${encodeURIComponent(
    artifact,
  )}?repository_url=registry.test`,
});

describe('events of the CDEvents specification', () => {
  let db: Knex;
  beforeEach(async () => {
    db = await databases.init('SQLITE_3');
    await migrate(db);
  });
  afterEach(() => db.destroy());
  const take = (events: unknown[], source = PIPELINE) =>
    ledgerOn(db).intake.take(events, { source, service: CART });
  const told = async () => {
    const rows = await db('ledger').orderBy('seq').select('type', 'data');
    return rows.map(({ data, ...row }) => ({ ...row, data: JSON.parse(data) }));
  };

  it.each(['0.1.0', '0.1.1', '0.2.0', '0.3.0', '0.4.0'])(
    'that a service was deployed are taken as they are, of version %s',
    async version => {
      const one = cdEvent(
        `service.deployed.${version}`,
        { id: 'service/cart', content: content() },
        { id: 'e1' },
      );
      // As HTTP carries it in a CloudEvent.
      const carried = {
        ...{ specversion: '1.0', id: 'e1', source: '/event/source/ci' },
        ...{ type: one.context.type, time: one.context.timestamp },
        ...{ datacontenttype: 'application/json', data: one },
      };
      expect(await take([one, carried])).toEqual({
        ...{ accepted: 1, duplicates: 1, quarantined: [] },
      });
      expect(await told()).toEqual([
        {
          type: 'com.myorg.platform.deployment.finished.1',
          data: expect.objectContaining({
            ...{ service: CART, environment: 'production', kind: 'deploy' },
            ...{ deployment: 'e1', outcome: 'succeeded', version: DIGEST },
          }),
        },
      ]);
    },
  );

  it('make a failure of what an incident, or a rollback, followed', async () => {
    const subject = { id: 'service/cart' };
    const taken = await take([
      cdEvent(
        'service.deployed.0.2.0',
        { ...subject, content: content('sha256:a') },
        { at: '2026-06-01T10:00:00Z', id: 'd1' },
      ),
      cdEvent(
        'service.upgraded.0.2.0',
        { ...subject, content: content('sha256:b') },
        { at: '2026-06-02T10:00:00Z', id: 'd2' },
      ),
      cdEvent(
        'incident.detected.0.2.0',
        {
          id: 'incident-123',
          content: {
            description: 'Response time above 10 ms',
            environment: { id: 'production' },
            service: { id: 'service/cart', source: '/clusters' },
            artifactId: 'pkg:oci/cart@sha256%3Ab',
          },
        },
        { at: '2026-06-02T11:00:00Z' },
      ),
      cdEvent(
        'service.rolledback.0.2.0',
        { ...subject, content: content('sha256:a') },
        { at: '2026-06-02T12:00:00Z', id: 'd3' },
      ),
      cdEvent(
        'incident.resolved.0.1.0',
        { id: 'incident-123', content: { environment: { id: 'production' } } },
        { at: '2026-06-02T12:30:00Z' },
      ),
    ]);
    expect(taken).toMatchObject({ accepted: 5, quarantined: [] });
    await ledgerOn(db).compute();
    const failures = await db('deployment_facts')
      .orderBy('finished_at')
      .select('deployment', 'kind', 'failure', 'recovered_at');
    expect(failures).toMatchObject([
      { deployment: 'd1', failure: null },
      { deployment: 'd2', recovered_at: '2026-06-02T12:00:00.000Z' },
      { deployment: 'd3', kind: 'rollback', failure: null },
    ]);
    expect(failures[1].failure).not.toBeNull();
    expect(await db('incident_facts')).toMatchObject([
      { incident: 'incident-123', title: 'Response time above 10 ms' },
    ]);
  });

  it('have lead times where what the specification has no field for is said beside it', async () => {
    const [first, merge] = [sha('a'), sha('b')];
    const deploy = (id: string, at: string, commit: string) =>
      cdEvent(
        'service.deployed.0.2.0',
        { id: 'service/cart', content: content(`sha256:${id}`) },
        { at, id, customData: { platform: { commit, version: id } } },
      );
    const taken = await take([
      committed('a', '2026-05-01T12:00:00Z'),
      committed('b', '2026-06-01T13:00:00Z', ['a']),
      deploy('1.0', '2026-05-02T12:00:00Z', first),
      cdEvent(
        'change.merged.0.2.0',
        { id: 'mychange-1', content: { repository: { id: 'shop/cart' } } },
        {
          at: '2026-06-01T13:00:00Z',
          customData: {
            platform: {
              mergeCommit: merge,
              firstCommitAt: '2026-06-01T12:00:00Z',
            },
          },
        },
      ),
      deploy('1.1', '2026-06-01T14:00:00Z', merge),
    ]);
    expect(taken).toMatchObject({ accepted: 5, quarantined: [] });
    await ledgerOn(db).compute();
    expect(await db('change_facts').select('change', 'seconds')).toEqual([
      { change: 'mychange-1', seconds: 7_200 },
    ]);
    expect((await allFacts(db)).deployment_facts.join()).toContain('"1.1"');
  });

  it('begin with the merge where nobody says when the change was begun, and take the subject for its commit', async () => {
    const merged = cdEvent(
      'change.merged.0.1.2',
      { id: HASH, content: {} },
      { at: '2026-06-01T13:00:00Z' },
    );
    expect(await take([merged])).toMatchObject({ accepted: 1 });
    expect(await told()).toMatchObject([
      {
        type: 'dev.cdevents.change.merged.0.2.0',
        data: {
          ...{ change: HASH, mergeCommit: HASH },
          firstCommitAt: '2026-06-01T13:00:00.000Z',
        },
      },
    ]);
  });

  it.each([
    [
      'the environment',
      cdEvent('service.deployed.0.2.0', { id: 'cart', content: {} }),
      'subject.content.environment is missing',
    ],
    [
      'the commit of a merge',
      cdEvent('change.merged.0.2.0', { id: '17', content: {} }),
      'customData.platform.mergeCommit is missing',
    ],
    [
      'a type that is known',
      cdEvent('build.finished.0.2.0', { id: 'b', content: {} }),
      'context.type: nothing is known of events of type "dev.cdevents.build.finished.0.2.0"',
    ],
    [
      'a version that is known',
      cdEvent('service.deployed.1.0.0', { id: 'b', content: content() }),
      'context.type: nothing is known',
    ],
  ])(
    'that lack %s are kept in the quarantine with the field',
    async (...one) => {
      const [, event, reason] = one;
      expect(await take([event])).toMatchObject({
        accepted: 0,
        quarantined: [{ index: 0, reason: expect.stringContaining(reason) }],
      });
      const { items } = await ledgerOn(db).quarantine.list(10);
      expect(items).toMatchObject([{ event: event.context.id, service: CART }]);
    },
  );

  it('are tried again as the service that they were sent for', async () => {
    const late = cdEvent(
      'service.deployed.0.2.0',
      { id: 'cart', content: content() },
      { at: '2026-07-02T12:00:00Z', id: 'late' },
    );
    expect(await take([late])).toMatchObject({
      quarantined: [{ reason: expect.stringContaining('more than a day') }],
    });
    const { intake } = ledgerOn(db, {
      now: () => new Date('2026-07-02T12:00:00Z'),
    });
    expect(await intake.replay()).toEqual({ accepted: 1, remaining: 0 });
    expect(await told()).toMatchObject([{ data: { service: CART } }]);
  });

  it('say nothing of what only the platform says', async () => {
    const one = cdEvent(
      'service.deployed.0.2.0',
      { id: 'cart', content: content() },
      {
        customData: {
          platform: {
            ...{ service: 'component:default/stock', platform: true },
            ...{ environment: 'qa', outcome: 'failed' },
          },
        },
      },
    );
    await take([one]);
    const [{ data }] = await told();
    expect(data).toMatchObject({
      ...{ service: CART, environment: 'production', outcome: 'succeeded' },
    });
    expect(data).not.toHaveProperty('platform');
    const own = {
      ...one,
      context: { ...one.context, source: '/plugins/deployments' },
    };
    expect(await take([own])).toMatchObject({
      quarantined: [{ reason: expect.stringContaining('own; take another') }],
    });
  });
});
