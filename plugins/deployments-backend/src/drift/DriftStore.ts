import { Drift, driftSchema } from '@highroad/plugin-deployments-common';
import { chunksOf } from '@highroad/plugin-platform-common';
import { Knex } from 'knex';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { Place } from '../database/ReadStore';

/** Rows of one insert, as many as every database takes. */
const CHUNK = 100;
const rowSchema = z.object({
  service: z.string(),
  environment: z.string(),
  deployment_id: z.string().nullable(),
  result: z.string().nullable(),
});

/** Of more services than this at once, all are looked for. */
const MOST_NAMED = 500;
/** So many are read before others have their turn. */
const AT_ONCE = 500;
const briefRowSchema = z.object({
  deployment_id: z.string(),
  result: z.string(),
});
const briefDriftSchema = driftSchema.pick({ state: true, summary: true });
export type BriefDrift = z.infer<typeof briefDriftSchema>;

/** A place that is to be looked at, by one process alone. */
export interface DriftClaim extends Place {
  claim: string;
  /** What was seen there last */
  before?: Drift;
}

/** What was seen where, and with which deployment it was compared. */
export interface SeenDrift extends Place {
  deployment: string;
  drift: Drift;
}

/** What looks at clusters came to, and where one is due. */
export class DriftStore {
  readonly #db: Knex;
  readonly #newId: () => string;

  constructor(db: Knex, options: { newId: () => string }) {
    this.#db = db;
    this.#newId = options.newId;
  }

  /**
   * Takes in places where something was deployed well.
   *
   * @param since - only what was asked for after this, ISO 8601; all of history without it
   */
  async addPlaces(now: string, since?: string): Promise<void> {
    const query = this.#db('deployments as d')
      .distinct('d.service', 'd.environment')
      .leftJoin('drift as f', join =>
        join
          .on('f.service', 'd.service')
          .andOn('f.environment', 'd.environment'),
      )
      .where('d.state', 'succeeded')
      .whereNull('f.service');
    if (since) query.where('d.requested_at', '>=', since);
    const missing = z
      .array(rowSchema.pick({ service: true, environment: true }))
      .parse(await query);
    for (let at = 0; at < missing.length; at += CHUNK) {
      const places = missing.slice(at, at + CHUNK);
      // Another process may have taken them in meanwhile.
      await this.#db('drift')
        .insert(places.map(place => ({ ...place, due_at: now })))
        .onConflict(['service', 'environment'])
        .ignore();
    }
  }

  /** The longest due first. They are due again `until`, should who claims them die. */
  async claim(options: {
    now: string;
    until: string;
    limit: number;
  }): Promise<DriftClaim[]> {
    const { now, until, limit } = options;
    const due = z.array(rowSchema.extend({ due_at: z.string() })).parse(
      await this.#db('drift')
        .select(
          ...['service', 'environment', 'deployment_id', 'result', 'due_at'],
        )
        .where('due_at', '<=', now)
        .orderBy('due_at')
        .limit(limit),
    );
    const claims: DriftClaim[] = [];
    for (const { service, environment, due_at, result } of due) {
      const claim = this.#newId();
      const taken = await this.#db('drift')
        .where({ service, environment, due_at })
        .update({ due_at: until, claim });
      if (taken === 0) continue;
      claims.push({ service, environment, claim, before: driftOf(result) });
    }
    return claims;
  }

  /**
   * What another process has taken over meanwhile is left to it.
   *
   * @returns whether it was written
   */
  async write(
    { service, environment, claim }: DriftClaim,
    seen: { dueAt: string; deployment?: string; drift?: Drift },
  ): Promise<boolean> {
    const { dueAt, deployment, drift } = seen;
    const written = await this.#db('drift')
      .where({ service, environment, claim })
      .update({
        due_at: dueAt,
        deployment_id: deployment ?? null,
        result: drift ? JSON.stringify(drift) : null,
        differs: drift?.state === 'differs',
      });
    return written > 0;
  }

  /** Services of which something was seen to differ from what was deployed. */
  async differing(): Promise<string[]> {
    const rows = await this.#db('drift')
      .distinct('service')
      .where({ differs: true });
    return z
      .array(rowSchema.pick({ service: true }))
      .parse(rows)
      .map(({ service }) => service);
  }

  /** What was seen of some services, or of all, by the deployment that it was compared with; without the changes themselves. */
  async briefly(options: {
    services?: string[];
  }): Promise<Map<string, BriefDrift>> {
    const { services } = options;
    const query = this.#db('drift')
      .select('deployment_id', 'result')
      .whereNotNull('result')
      .whereNotNull('deployment_id');
    // Of more than databases take in one question, all are read.
    if (services && services.length <= MOST_NAMED) {
      query.whereIn('service', services);
    }
    const found = new Map<string, BriefDrift>();
    for (const some of chunksOf(await query, AT_ONCE)) {
      for (const row of some) {
        const { deployment_id, result } = briefRowSchema.parse(row);
        const read = briefDriftSchema.safeParse(JSON.parse(result));
        if (read.success) found.set(deployment_id, read.data);
      }
      await setImmediate();
    }
    return found;
  }

  async of(options: {
    services?: string[];
    environment?: string;
  }): Promise<SeenDrift[]> {
    const { services, environment } = options;
    const query = this.#db('drift')
      .select('service', 'environment', 'deployment_id', 'result')
      .whereNotNull('result');
    if (services) query.whereIn('service', services);
    if (environment) query.where({ environment });
    return z
      .array(rowSchema)
      .parse(await query)
      .flatMap(row => {
        const { deployment_id: deployment, result, ...place } = row;
        const drift = driftOf(result);
        return drift && deployment ? { ...place, deployment, drift } : [];
      });
  }
}

/** What a look came to; nothing where there was none, or another version of the portal wrote it in another way: it is looked again. */
function driftOf(result: string | null): Drift | undefined {
  if (!result) return undefined;
  const read = driftSchema.safeParse(JSON.parse(result));
  return read.success ? read.data : undefined;
}
