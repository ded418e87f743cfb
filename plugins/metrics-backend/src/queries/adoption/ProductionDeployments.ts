import { AdoptionDetail } from '@highroad/plugin-metrics-common';
import { Call } from '@highroad/plugin-platform-node';
import { Knex } from 'knex';
import { column, Columns } from '../../database/columns';
import { below, cursorOf } from '../cursor';
import { DEPLOYMENTS, factsWithin, servicesShown } from '../factsWithin';
import { Resolved } from '../Scopes';
import { Asked } from './listed';

/** What tells deployments apart, and sorts them. */
const ORDER = ['finished_at', 'service', 'environment', 'deployment'] as const;

/** The services whose deployments may be shown; all, where nothing is given. */
export async function deployedServices(
  db: Knex,
  resolved: Resolved,
  visible: Call['visible'],
): Promise<string[] | undefined> {
  return servicesShown(() => delivered(db, resolved), visible);
}

/**
 * Deployments that the golden-path share was taken from, the newest first.
 *
 * @param services - those of others are left out; all if left out
 * @throws InputError for a cursor that is none
 */
export async function productionDeployments(
  db: Knex,
  resolved: Resolved,
  { counts, before, limit }: Asked,
  services?: string[],
): Promise<{ items: AdoptionDetail[]; next?: string }> {
  const query = delivered(db, resolved, services)
    .orderBy(ORDER.map(name => ({ column: name, order: 'desc' })))
    .limit(limit + 1);
  if (counts !== undefined) query.where({ platform: counts });
  if (before !== undefined) below(query, ORDER, before);
  const rows: Columns[] = await query;
  const last = rows[limit - 1];
  return {
    items: rows.slice(0, limit).map(described),
    ...(rows.length > limit && {
      next: cursorOf(ORDER.map(name => column.text(last[name]))),
    }),
  };
}

function delivered(db: Knex, resolved: Resolved, services?: string[]) {
  return factsWithin(db, DEPLOYMENTS, resolved, services).where({
    delivered: true,
  });
}

function described(row: Columns): AdoptionDetail {
  const counts = column.flag(row.platform);
  const owner = column.text(row.owner);
  return {
    service: column.text(row.service),
    ...(owner && { owner }),
    environment: column.text(row.environment),
    at: column.text(row.finished_at),
    deployment: {
      id: column.text(row.deployment),
      version: column.textOrNone(row.version),
      url: column.addressOrNone(row.url),
    },
    example: column.flag(row.example),
    counts,
    why: counts
      ? 'This platform made it.'
      : `This platform did not make it; ${column.text(row.source)} told of it.`,
  };
}
