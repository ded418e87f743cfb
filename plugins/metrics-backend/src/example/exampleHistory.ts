import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What the source of all example events is called. */
export const EXAMPLE_SOURCE = '/examples/delivery-history';

const planSchema = z.object({
  description: z.string(),
  days: z.number().int().positive().max(730),
  services: z.array(
    z.object({
      service: z.string(),
      owner: z.string(),
      system: z.string().optional(),
      /** Deployments to production in a week */
      perWeek: z.number().positive(),
      /** Typical lead time */
      leadHours: z.number().positive(),
      /** Share of deployments that need intervention */
      failures: z.number().min(0).max(1),
      /** Typical time to recover */
      recoveryMinutes: z.number().positive(),
      /** Made from a template so many days ago */
      createdDaysAgo: z.number().int().positive().optional(),
    }),
  ),
});
export type ExamplePlan = z.infer<typeof planSchema>;

/** @throws ZodError where the file is none of these */
export function readExamplePlan(json: string): ExamplePlan {
  return planSchema.parse(JSON.parse(json));
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const FINISHED = 'com.myorg.platform.deployment.finished.1';

/**
 * A delivery history for the plan, that ends on the day before `now`. The same plan on the same day gives the same events.
 */
export function exampleHistory(plan: ExamplePlan, now: Date): object[] {
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  return plan.services.flatMap(one => historyOf(one, plan.days, today));
}

function historyOf(
  plan: ExamplePlan['services'][number],
  days: number,
  today: number,
): object[] {
  const { service, owner, system } = plan;
  const random = randomFrom(service);
  const events: object[] = [];
  const say = (type: string, at: number, data: object) => {
    const time = new Date(at).toISOString();
    events.push({
      ...{ specversion: '1.0', source: EXAMPLE_SOURCE, type, time },
      id: `${service} ${time} ${events.length}`,
      data: { service, ...data },
    });
  };
  const first = today - days * DAY_MS;
  say('com.myorg.platform.service.owned.1', first - DAY_MS, { owner, system });
  if (plan.createdDaysAgo) {
    say(
      'com.myorg.platform.service.created.1',
      today - plan.createdDaysAgo * DAY_MS,
      { template: 'template:default/service' },
    );
  }
  let made = 0;
  let last: { commit: string; version: string } | undefined;
  const commit = (authored: number) => {
    made += 1;
    const hash = createHash('sha1').update(`${service} ${made}`).digest('hex');
    const authoredAt = new Date(authored).toISOString();
    say('com.myorg.platform.commit.made.1', authored, {
      ...{ commit: hash, authoredAt, title: `Example change ${made}` },
      parents: last ? [last.commit] : [],
    });
    return hash;
  };
  const begins = plan.createdDaysAgo
    ? Math.max(first, today - (plan.createdDaysAgo - 2) * DAY_MS)
    : first;
  for (let day = begins; day < today; day += DAY_MS) {
    if ([0, 6].includes(new Date(day).getUTCDay())) continue;
    const wanted = plan.perWeek / 5;
    const count = Math.floor(wanted) + Number(random() < wanted % 1);
    for (let one = 0; one < count; one++) {
      const at = day + (8 + ((one + random()) * 9) / count) * HOUR_MS;
      const changes = 1 + Math.floor(random() * 3);
      const before = last;
      for (let change = 0; change < changes; change++) {
        const lead = plan.leadHours * (0.2 + random() * random() * 3);
        const hash = commit(at - lead * HOUR_MS);
        last = { commit: hash, version: `1.${made}.0` };
      }
      const deployment = `example-${made}`;
      const done = {
        ...{ environment: 'production', outcome: 'succeeded', platform: true },
      };
      say(FINISHED, at, { ...done, ...last, deployment });
      if (!before || random() >= plan.failures) continue;
      const over = at + plan.recoveryMinutes * (0.4 + random()) * MINUTE_MS;
      if (random() < 0.6) {
        say(FINISHED, over, {
          ...{ ...done, ...before, deployment: `${deployment}-rollback` },
          ...{ kind: 'rollback', undoes: deployment },
        });
      } else {
        const incident = {
          ...{ environment: 'production', incident: `${deployment}-incident` },
          title: 'Example incident',
        };
        const detected = at + 5 * MINUTE_MS;
        say('dev.cdevents.incident.detected.0.2.0', detected, incident);
        say(
          'dev.cdevents.incident.resolved.0.2.0',
          Math.max(over, detected),
          incident,
        );
      }
    }
  }
  return events;
}

/** Numbers from 0 to 1 that only look as if by chance (mulberry32): always the same for a text. */
function randomFrom(text: string): () => number {
  let state = createHash('sha256').update(text).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
