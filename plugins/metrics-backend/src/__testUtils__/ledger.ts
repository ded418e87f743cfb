import { resolvePackagePath } from '@backstage/backend-plugin-api';
import {
  MetricEvent,
  metricEventSchema,
} from '@highroad/plugin-metrics-common';
import { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import { FactStore } from '../database/FactStore';
import { FeedStore } from '../database/FeedStore';
import { LedgerStore } from '../database/LedgerStore';
import { QuarantineStore } from '../database/QuarantineStore';
import { WorkStore } from '../database/WorkStore';
import { FactSettings } from '../facts/Facts';
import { Computer } from '../service/Computer';
import { Intake } from '../service/Intake';

export const CART = 'component:default/cart';
export const STOCK = 'component:default/stock';

export const settings: FactSettings = {
  timeZone: 'UTC',
  incidentWindowHours: 24,
  leadTimeFrom: 'first-commit',
  hotfix: ['hotfix'],
  isProduction: environment => environment === 'production',
  mainProduction: 'production',
};

export async function migrate(db: Knex): Promise<void> {
  await db.migrate.latest({
    directory: resolvePackagePath(
      '@highroad/plugin-metrics-backend',
      'migrations',
    ),
  });
}

/** Stores and what works on them, without a loop: `compute` does what there is to do. */
export function ledgerOn(
  db: Knex,
  options: {
    now?: () => Date;
    settings?: FactSettings;
    onProblem?: (message: string) => void;
  } = {},
) {
  const now = options.now ?? (() => new Date('2026-06-30T12:00:00Z'));
  const ledger = new LedgerStore(db);
  const quarantine = new QuarantineStore(db, { newId: () => uuidv7() });
  const feeds = new FeedStore(db);
  const work = new WorkStore(db);
  const facts = new FactStore();
  const computer = new Computer({
    ...{ db, facts, feeds, ledger, work },
    settings: options.settings ?? settings,
    now,
    onProblem:
      options.onProblem ??
      (message => {
        throw new Error(message);
      }),
  });
  const intake = new Intake({ db, ledger, quarantine, now, onTaken: () => {} });
  const compute = async () => {
    await feeds.add('facts');
    const until = () => new Date(now().getTime() + 60_000).toISOString();
    const lease = await feeds.claim('facts', {
      holder: 'test',
      now: now().toISOString(),
      until: until(),
    });
    if (!lease) throw new Error('Somebody else computes.');
    const done = await computer.run(lease, until, new AbortController().signal);
    await feeds.release(lease);
    return done;
  };
  return { ledger, quarantine, feeds, work, facts, intake, computer, compute };
}

const TABLES = [
  'deployment_facts',
  'change_facts',
  'incident_facts',
  'daily',
  'rollups',
  'known_services',
  'service_facts',
  'service_states',
  'wanted',
];

/** All facts, in an order that says nothing of how they came. */
export async function allFacts(db: Knex): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const table of TABLES) {
    const rows: object[] = await db(table);
    found[table] = rows
      .map(row =>
        JSON.stringify(
          Object.entries(row)
            .map(([name, value]) => [
              name,
              name === 'state' ? inOrder(JSON.parse(value)) : value,
            ])
            .sort(),
        ),
      )
      .sort();
  }
  return found;
}

/** The same, with names in one order. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .map(([name, one]) => [name, inOrder(one)])
    .sort();
}

let count = 0;

/** An event with what is not said filled in. */
export function event(
  type: MetricEvent['type'],
  time: string,
  data: Record<string, unknown>,
  envelope: Record<string, unknown> = {},
): MetricEvent {
  count += 1;
  return metricEventSchema.parse({
    specversion: '1.0',
    id: `e${count}`,
    source: '/test',
    type,
    time,
    data: { service: CART, ...data },
    ...envelope,
  });
}

/** A commit's hash that is as short as one may be, another one for each name. */
export const sha = (name: string) =>
  Buffer.from(name).toString('hex').padEnd(8, '0');

export const deployed = (
  deployment: string,
  time: string,
  data: Record<string, unknown> = {},
) =>
  event('com.myorg.platform.deployment.finished.1', time, {
    ...{ deployment, environment: 'production', outcome: 'succeeded' },
    ...data,
  });

export const committed = (
  name: string,
  authoredAt: string,
  parents: string[] = [],
  data: Record<string, unknown> = {},
) =>
  event('com.myorg.platform.commit.made.1', authoredAt, {
    ...{ commit: sha(name), authoredAt, parents: parents.map(sha) },
    ...data,
  });

export const merged = (
  change: string,
  mergedAt: string,
  data: Record<string, unknown>,
) =>
  event('dev.cdevents.change.merged.0.2.0', mergedAt, {
    ...{ change, mergedAt },
    ...data,
  });

export const incident = (
  id: string,
  kind: 'detected' | 'resolved',
  time: string,
  data: Record<string, unknown> = {},
) =>
  event(`dev.cdevents.incident.${kind}.0.2.0`, time, { incident: id, ...data });

export const owned = (owner: string, time: string, service = CART) =>
  event('com.myorg.platform.service.owned.1', time, { owner, service });
