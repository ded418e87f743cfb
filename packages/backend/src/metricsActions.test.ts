import { setTimeout as sleep } from 'node:timers/promises';
import { metricsOperations } from '@highroad/plugin-metrics-common';
import { createOperationClient } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { startWholeBackend, WholeBackend } from './__testUtils__/wholeBackend';

const PAYMENT = 'component:default/payment-service';
const OWNER = 'user:default/jonas.lind';
const MACHINE = 'ci-payment';
const answerSchema = z.object({
  result: z.object({
    isError: z.boolean().optional(),
    content: z.array(z.object({ text: z.string() })),
    structuredContent: z.unknown(),
  }),
});
jest.setTimeout(300_000);

describe('metrics, as an agent asks for them over MCP', () => {
  let backend: WholeBackend;
  let owner: string;

  /** @throws Error with what is said where it is refused */
  const callAction = async (
    authorization: string,
    name: string,
    input: object,
  ): Promise<unknown> => {
    const response = await fetch(`${backend.url}/api/mcp-actions/v1`, {
      method: 'POST',
      headers: {
        Authorization: authorization,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
        params: { name, arguments: input },
      }),
    });
    const text = await response.text();
    const data = /^data: (.*)$/m.exec(text)?.[1] ?? text;
    const { result } = answerSchema.parse(JSON.parse(data));
    if (result.isError) throw new Error(result.content[0]?.text);
    return result.structuredContent;
  };

  beforeAll(async () => {
    backend = await startWholeBackend({
      tokens: [MACHINE],
      platform: {
        access: {
          machines: [
            {
              subject: MACHINE,
              services: [PAYMENT],
              operations: ['platform.metrics.ingest'],
            },
          ],
        },
      },
    });
    owner = await backend.signIn(OWNER);
    const client = createOperationClient(metricsOperations, {
      fetch: (input, init) =>
        fetch(String(input).replace('plugin://', `${backend.url}/api/`), {
          ...init,
          headers: {
            ...Object.fromEntries(new Headers(init?.headers)),
            Authorization: `Bearer ${MACHINE}-token`,
          },
        }),
    });
    const minutesAgo = (minutes: number) =>
      new Date(Date.now() - minutes * 60_000).toISOString();
    const told = (id: string, type: string, time: string, data: object) => ({
      ...{ specversion: '1.0', source: '/ci/test', id, type, time },
      data: { service: PAYMENT, environment: 'production', ...data },
    });
    await client.ingest({
      service: PAYMENT,
      events: [
        told(
          'run-1',
          'com.myorg.platform.deployment.finished.1',
          minutesAgo(30),
          { deployment: 'd1', version: '1.4.2', outcome: 'succeeded' },
        ),
        told(
          'detected',
          'dev.cdevents.incident.detected.0.2.0',
          minutesAgo(20),
          {
            incident: 'i1',
          },
        ),
        told(
          'resolved',
          'dev.cdevents.incident.resolved.0.2.0',
          minutesAgo(10),
          {
            incident: 'i1',
          },
        ),
      ],
    });
  });
  afterAll(() => backend?.stop());

  it('have what is behind a number, with why, once it is counted', async () => {
    const ask = () =>
      callAction(owner, 'metrics.details', {
        ...{ key: 'change-failure-rate', days: 30, slice: PAYMENT },
      });
    const deadline = Date.now() + 20_000;
    let found = await ask();
    while (!JSON.stringify(found).includes('1.4.2')) {
      if (Date.now() > deadline) throw new Error(JSON.stringify(found));
      await sleep(100);
      found = await ask();
    }
    expect(found).toMatchObject({
      items: [
        {
          ...{ service: PAYMENT, deployment: 'd1', counts: true },
          why: expect.stringContaining('Incident i1 began within the window'),
          incidents: [{ incident: 'i1', resolvedAt: expect.any(String) }],
        },
      ],
    });
    expect(
      await callAction(owner, 'metrics.summary', { slice: PAYMENT, days: 30 }),
    ).toMatchObject({
      keys: expect.arrayContaining([
        expect.objectContaining({
          key: 'recovery',
          current: expect.objectContaining({ state: 'value', value: 1_200 }),
        }),
      ]),
    });
    expect(
      await callAction(owner, 'metrics.incidents', { slice: PAYMENT }),
    ).toMatchObject({ items: [{ incident: 'i1', restoreSeconds: 600 }] });
  });

  it('refuse what is asked wrongly in words that say what to do, and whoever may not read them', async () => {
    await expect(
      callAction(owner, 'metrics.summary', {
        slice: 'user:default/jonas.lind',
      }),
    ).rejects.toThrow('name a group, system or service');
    await expect(
      callAction(`Bearer ${MACHINE}-token`, 'metrics.details', {
        ...{ key: 'frequency', slice: PAYMENT },
      }),
    ).rejects.toThrow(/not allowed|may not|platform\.metrics\.read/i);
  });
});
