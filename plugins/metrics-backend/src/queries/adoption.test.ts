import { TestDatabases } from '@backstage/backend-test-utils';
import { MetricEvent } from '@highroad/plugin-metrics-common';
import { Knex } from 'knex';
import {
  deployed,
  event,
  ledgerOn,
  migrate,
  owned,
} from '../__testUtils__/ledger';
import { AdoptionReader } from './AdoptionReader';
import { KnownNames } from './KnownNames';
import { NumberStore } from './NumberStore';
import { Scopes } from './Scopes';

jest.setTimeout(120_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const NOW = new Date('2026-06-30T12:00:00Z');
const JUNE = { from: '2026-06-01', to: '2026-06-30' };
const TICKET = 'dev.cdevents.ticket.created.0.1.0';
const CREATED = 'com.myorg.platform.service.created.1';
const noon = (day: string) => `2026-${day}T12:00:00Z`;
const service = (name: string) => `component:default/${name}`;

/** A service that the catalog has, made from the platform's template if it says so. */
const made = (name: string, day: string, template?: string): MetricEvent[] => [
  event(CREATED, noon(day), { service: service(name), template }),
  owned('group:default/a', noon(day), service(name)),
];
const delivered = (name: string, day: string, platform = true) =>
  deployed(`${name} ${day}`, noon(day), { service: service(name), platform });

describe.each(databases.eachSupportedId())('adoption, on %s', databaseId => {
  let db: Knex;
  beforeEach(async () => {
    db = await databases.init(databaseId);
    await migrate(db);
  });
  afterEach(() => db.destroy());

  const read = async (events: MetricEvent[]) => {
    const { intake, compute } = ledgerOn(db);
    await intake.take(events, { source: '/test' });
    await compute();
    const now = () => NOW;
    const numbers = new NumberStore(db);
    const scopes = new Scopes({
      names: new KnownNames({
        db,
        environments: ['production'],
        isInCatalog: async () => true,
      }),
      groups: { within: async one => [one] },
      ...{ now, production: ['production'], timeZone: 'UTC' },
    });
    return new AdoptionReader({ db, now, numbers, scopes }).read(JUNE);
  };

  it('compares with the range before, in which newer services were not there', async () => {
    const { previous, ...current } = await read([
      ...made('old', '04-01'),
      ...made('cart', '05-10', 'service'),
      ...made('stock', '06-10', 'service'),
      delivered('cart', '05-12'),
      delivered('old', '05-20', false),
      delivered('old', '06-20', false),
      delivered('cart', '06-20'),
      delivered('cart', '06-21'),
      delivered('stock', '06-11'),
    ]);
    const value = { state: 'value' };
    expect(current).toMatchObject({
      range: JUNE,
      onboarding: { ...value, part: 2, whole: 3 },
      goldenPath: { ...value, part: 3, whole: 4 },
      firstDeployment: { ...value, n: 1, median: 86_400 },
    });
    expect(previous).toMatchObject({
      range: { from: '2026-05-02', to: '2026-05-31' },
      onboarding: { ...value, part: 1, whole: 2 },
      goldenPath: { ...value, part: 1, whole: 2 },
      firstDeployment: { ...value, n: 1, median: 2 * 86_400 },
    });
  });

  it('counts guardrails that are lifted, until they expire or are taken back', async () => {
    const lifted = (
      deviation: string,
      kind: 'added' | 'ended',
      day: string,
      guardrail = 'limits',
    ) =>
      event(`com.myorg.platform.deviation.${kind}.1`, noon(day), {
        ...{ service: service('cart'), environment: 'staging', deviation },
        ...{ guardrail, expiresAt: noon('06-20') },
      });
    const { deviations, previous } = await read([
      ...made('cart', '04-01'),
      delivered('cart', '05-12'),
      lifted('expired', 'added', '05-01'),
      lifted('taken back', 'added', '05-01', 'requests'),
      lifted('taken back', 'ended', '05-20', 'requests'),
      event('com.myorg.platform.deviation.added.1', noon('06-10'), {
        ...{ service: service('cart'), environment: 'production' },
        ...{ deviation: 'there', guardrail: 'liveness-probe' },
        expiresAt: noon('08-01'),
      }),
    ]);
    expect(deviations).toEqual({
      ...{ state: 'value', n: 1, services: 1 },
      guardrails: [{ guardrail: 'liveness-probe', n: 1 }],
    });
    expect(previous.deviations).toEqual({
      ...{ state: 'value', n: 1, services: 1 },
      guardrails: [{ guardrail: 'limits', n: 1 }],
    });
  });

  it('compares tickets of services only that were there, and tickets known, long enough before', async () => {
    const ticket = (name: string, day: string) =>
      event(TICKET, noon(day), {
        ...{ service: service(name), ticket: `${name} ${day}` },
      });
    const old = owned(
      'group:default/a',
      '2025-06-01T12:00:00Z',
      service('old'),
    );
    const onboarded = deployed('first', noon('03-15'), {
      ...{ service: service('old'), platform: true },
    });
    const created = [
      event(CREATED, noon('02-01'), {
        ...{ service: service('cart'), template: 'service' },
      }),
      owned('group:default/a', noon('02-01'), service('cart')),
    ];
    const late = [
      ...[old, onboarded, ...created],
      ...[ticket('old', '03-01'), ticket('cart', '03-02')],
    ];
    expect((await read(late)).deflection).toMatchObject({
      state: 'no-data',
      why: expect.stringContaining('none was there with its tickets known'),
    });
    const { deflection } = await read([
      event(TICKET, '2025-12-01T12:00:00Z', {
        ...{ service: service('old'), ticket: 'earlier' },
      }),
    ]);
    expect(deflection).toEqual({
      ...{ state: 'value', before: 1, after: 0, windowDays: 90 },
      ...{ services: 1, leftOut: 1 },
    });
  });

  it('leaves out what ran in production before it was created', async () => {
    const { firstDeployment } = await read([
      delivered('moved', '06-02'),
      ...made('moved', '06-10'),
      ...made('cart', '06-10'),
      delivered('cart', '06-12'),
    ]);
    expect(firstDeployment).toMatchObject({ n: 1, median: 2 * 86_400 });
  });

  it('says what is not known, now and before', async () => {
    const { previous, ...current } = await read([]);
    for (const one of [current, previous]) {
      expect(one).toMatchObject({
        onboarding: { state: 'no-data' },
        goldenPath: { state: 'no-data' },
        firstDeployment: { state: 'no-data' },
        deviations: { state: 'no-data' },
      });
    }
  });
});
