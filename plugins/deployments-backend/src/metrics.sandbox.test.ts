import { metricsOperations } from '@highroad/plugin-metrics-common';
import { createOperationClient } from '@highroad/plugin-platform-common';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { OutsideWorld } from './__testUtils__/OutsideWorld';
import { PortalProcess } from './__testUtils__/PortalProcess';

const SECRET = 'a-secret-of-the-webhooks';
const WITHIN_MS = 5_000;
const PATIENCE_MS = 30_000;

describeWithSandbox(
  'metrics of what is deployed',
  ['cluster', 'registry'],
  sandbox => {
    let world: OutsideWorld;
    let portal: PortalProcess;

    beforeAll(async () => {
      world = await OutsideWorld.create(sandbox, {
        first: {},
        second: { changed: 'yes' },
      });
      const place = await world.newPlace({
        environment: { production: true },
        metrics: { pagerduty: { webhookSecrets: [SECRET] } },
      });
      portal = await place.start();
    });
    afterAll(async () => {
      await portal?.stop();
      await world?.end();
    });

    const client = () =>
      createOperationClient(metricsOperations, {
        fetch: (input, init) =>
          fetch(
            String(input).replace(
              'plugin://metrics/v1',
              portal.address('metrics'),
            ),
            {
              ...init,
              headers: {
                ...Object.fromEntries(new Headers(init?.headers)),
                authorization: 'Bearer mock-user-token',
              },
            },
          ),
      });
    /** @returns what is so, and after how many milliseconds since a moment it was seen to be */
    const soon = async <T>(
      look: () => Promise<T | undefined>,
      since = Date.now(),
    ): Promise<{ found: T; afterMs: number }> => {
      for (;;) {
        const found = await look();
        const afterMs = Date.now() - since;
        if (found !== undefined) return { found, afterMs };
        if (afterMs > PATIENCE_MS) throw new Error('It does not become so.');
        await sleep(50);
      }
    };
    const deployed = async (version: string, more = {}) => {
      await portal.deploy(version, more);
      const [last] = await portal.settle();
      expect([last.version, last.summary]).toEqual([
        version,
        expect.stringContaining(`${version} runs in`),
      ]);
      const { deployment } = await portal.ask(`deployments/${last.id}`);
      return { id: last.id, endedAt: Date.parse(deployment.endedAt) };
    };
    const failures = async (open?: boolean) => {
      const { items } = await client().details({ key: 'recovery', open });
      return items;
    };
    /** As PagerDuty tells of an incident. */
    const tell = async (kind: 'triggered' | 'resolved') => {
      const body = JSON.stringify({
        event: {
          ...{ id: `event-${kind}`, event_type: `incident.${kind}` },
          occurred_at: new Date().toISOString(),
          data: {
            ...{ id: 'Q1', title: 'No carts', service: { id: 'PCART01' } },
          },
        },
      });
      const digest = createHmac('sha256', SECRET).update(body).digest('hex');
      const { status } = await fetch(
        `${portal.address('metrics')}/webhooks/pagerduty`,
        {
          ...{ method: 'POST', body },
          headers: {
            'content-type': 'application/json',
            'x-pagerduty-signature': `v1=${digest}`,
          },
        },
      );
      expect(status).toBeLessThan(300);
    };

    it('count it within five seconds, an incident makes a failure of it, and the fix closes that', async () => {
      const first = await deployed('first');
      const counted = await soon(async () => {
        const { items } = await client().details({ key: 'frequency' });
        return items.find(one => one.deployment === first.id);
      }, first.endedAt);
      expect(counted.afterMs).toBeLessThan(WITHIN_MS);
      expect(counted.found).toMatchObject({ version: 'first' });
      expect(await failures()).toEqual([]);

      await tell('triggered');
      const failed = await soon(async () => (await failures(true)).at(0));
      expect(failed.afterMs).toBeLessThan(WITHIN_MS);
      expect(failed.found).toMatchObject({
        deployment: first.id,
        counts: false,
        incidents: [{ incident: 'Q1', title: 'No carts' }],
      });

      const fix = await deployed('second', {
        ...{ fixes: first.id, unplanned: true },
      });
      const closed = await soon(
        async () => ((await failures(true)).length === 0 ? true : undefined),
        fix.endedAt,
      );
      expect(closed.afterMs).toBeLessThan(WITHIN_MS);
      const [repaired] = await failures();
      expect(repaired).toMatchObject({ deployment: first.id, counts: true });
      expect(repaired.recoverySeconds).toBeGreaterThanOrEqual(0);
      const { items: repairs } = await client().details({
        ...{ key: 'rework', counts: true },
      });
      expect(repairs.map(one => [one.deployment, one.why])).toEqual([
        [fix.id, 'It says that it repairs an earlier deployment.'],
      ]);

      await tell('resolved');
      const { found: incident } = await soon(async () => {
        const { items } = await client().incidents({});
        return items.find(one => one.resolvedAt !== undefined);
      });
      expect(incident).toMatchObject({ incident: 'Q1', deployment: first.id });
    });
  },
);
