import {
  AdoptionKey,
  bandsOf2023,
  MetricEvent,
  QuarterResult,
} from '@highroad/plugin-metrics-common';
import { Knex } from 'knex';
import {
  deployed,
  event,
  ledgerOn,
  owned,
} from '../../../__testUtils__/ledger';
import { KnownNames } from '../../KnownNames';
import { Numbers } from '../../Numbers';
import { NumberStore } from '../../NumberStore';
import { Scopes } from '../../Scopes';
import { AdoptionDetails } from '../AdoptionDetails';
import { AdoptionReader } from '../AdoptionReader';
import { AdoptionStore } from '../AdoptionStore';

export const NOW = new Date('2026-06-30T12:00:00Z');
export const JUNE = { from: '2026-06-01', to: '2026-06-30' };
/** The type of events that tell of tickets. */
export const TICKET = 'dev.cdevents.ticket.created.0.1.0';
export const CREATED = 'com.myorg.platform.service.created.1';
export const noon = (day: string) => `2026-${day}T12:00:00Z`;
export const service = (name: string) => `component:default/${name}`;
/** For those who may see all. */
export const all = async () => undefined;

/** A service that the catalog has, made from the platform's template if it says so. */
export const made = (
  name: string,
  day: string,
  template?: string,
  owner = 'group:default/a',
): MetricEvent[] => [
  event(CREATED, noon(day), { service: service(name), template }),
  owned(owner, noon(day), service(name)),
];

export const delivered = (name: string, day: string, platform = true) =>
  deployed(`${name} ${day}`, noon(day), { service: service(name), platform });

export const ticket = (
  name: string,
  day: string,
  data: Record<string, unknown> = {},
) =>
  event(TICKET, noon(day), {
    ...{ service: service(name), ticket: `${name} ${day}`, ...data },
  });

export const nps = (score: number) => ({ score, n: 6, margin: 40 });

/** What is shown of a quarter: of all, and of one team. */
export const quarter = (name: string, score: number): QuarterResult => ({
  ...{ quarter: name, total: nps(score), leftOut: false, texts: ['Words'] },
  groups: [
    { group: 'group:default/a', nps: nps(score + 1), responseRate: 0.5 },
  ],
});

/** Services of two teams. */
export const shop = [
  ...made('old', '04-01'),
  ...made('cart', '06-02', 'service'),
  ...made('stock', '06-10', 'service', 'group:default/b'),
  ...made('bare', '04-02', undefined, 'group:default/b'),
  delivered('old', '05-20', false),
  delivered('old', '06-20', false),
  delivered('cart', '06-05'),
  delivered('stock', '06-13'),
  delivered('bare', '06-14'),
];

/**
 * What tells of adoption, after some events are computed.
 *
 * @param quarters - results of surveys
 */
export async function adoptionAfter(
  db: Knex,
  events: MetricEvent[],
  quarters: () => QuarterResult[] = () => [],
) {
  const { intake, compute, ledger } = ledgerOn(db);
  await intake.take(events, { source: '/test' });
  await compute();
  const now = () => NOW;
  const days = new NumberStore(db);
  const scopes = new Scopes({
    names: new KnownNames({
      db,
      environments: ['production'],
      isInCatalog: async () => true,
    }),
    groups: {
      within: async one =>
        one === 'group:default/shop' ? [one, 'group:default/a'] : [one],
      around: async () => one =>
        one === 'group:default/a' ? [one, 'group:default/shop'] : [one],
    },
    ...{ now, production: ['production'], timeZone: 'UTC' },
  });
  const shared = {
    ...{ days, now, scopes },
    numbers: new Numbers({ bands: bandsOf2023, now, scopes, store: days }),
    store: new AdoptionStore({ db, numbers: days, timeZone: 'UTC' }),
  };
  return {
    reader: new AdoptionReader({
      ...shared,
      surveys: { results: async () => quarters() },
    }),
    details: new AdoptionDetails({ ...shared, db, ledger }),
  };
}

/** Names of services and why each counts, or does not. */
export async function behind(
  { details }: { details: AdoptionDetails },
  key: AdoptionKey,
  more: { slice?: string; counts?: boolean; to?: string } = {},
) {
  const { items } = await details.of({ ...JUNE, key, limit: 50, ...more }, all);
  return items.map(
    one => `${one.counts ? '+' : '-'} ${one.service.split('/')[1]}: ${one.why}`,
  );
}
