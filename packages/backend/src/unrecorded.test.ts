import { setTimeout as sleep } from 'node:timers/promises';
import { LedgerRecord } from '@highroad/plugin-audit-common';
import { Operation, operationRequest } from '@highroad/plugin-platform-common';
import {
  NO_CLUSTER,
  startWholeBackend,
  WholeBackend,
} from './__testUtils__/wholeBackend';

const SERVICE = 'component:default/payment-service';
const ADMIN = 'user:default/priya.raman';
const MUST_BE_RECORDED = 'it must be recorded before it happens';
const production = { service: SERVICE, environment: 'production' };
const ofKey = { ...production, key: 'DATABASE_URL' };
const reason = 'to see what is refused';

describe('while the ledger takes no records', () => {
  let backend: WholeBackend;
  let authorization: string;
  let deployment: string;
  let deviation: string;

  const lifted = () => ({
    ...{ ...production, guardrail: 'limits', reason },
    until: new Date(Date.now() + 3_600_000).toISOString(),
  });

  /** A right input for everything that has to be recorded before it happens, about production. */
  const inputs = (): Record<string, Record<string, unknown>> => ({
    'deployments.deploy': { ...production, version: '1.0.0' },
    'deployments.promote': {
      ...{ service: SERVICE, from: 'staging', environment: 'production' },
    },
    'deployments.rollback': production,
    'deployments.cancel': { id: deployment },
    'deployments.approve': { id: deployment },
    'deployments.steer': { id: deployment, action: 'pause' },
    'deployments.deviation-add': lifted(),
    'deployments.deviation-end': { id: deviation },
    'environments.provide-databases': production,
    'secrets.list': { service: SERVICE },
    'secrets.attention': {},
    'secrets.get': ofKey,
    'secrets.history': ofKey,
    'secrets.set': { ...ofKey, value: 'postgres://none' },
    'secrets.provide': { ...ofKey, value: 'postgres://none' },
    'secrets.import': {
      ...production,
      entries: [{ key: 'DATABASE_URL', value: 'postgres://none' }],
    },
    'secrets.reveal': { ...ofKey, environment: 'staging', reason },
    'secrets.reveal-production': { ...ofKey, reason },
    'secrets.run': { service: SERVICE, environment: 'staging' },
    'secrets.lend': {
      ...{ service: SERVICE, environment: 'staging', to: 'another' },
      keys: [ofKey.key],
    },
    'secrets.diff': { service: SERVICE, from: 'staging', to: 'testing' },
    'secrets.diff-production': {
      ...{ service: SERVICE, from: 'staging', to: 'production' },
    },
    'secrets.restore': { ...ofKey, version: 1 },
    'secrets.delete': ofKey,
    'secrets.undelete': ofKey,
    'secrets.rotate': ofKey,
    'secrets.set-rotation': { ...ofKey, everyDays: 30 },
    'secrets.end-rotation': ofKey,
    'secrets.rotations': { service: SERVICE },
  });

  const operationOf = (name: string): Operation => {
    const found = backend.operations.find(one => nameOf(one) === name);
    if (!found) throw new Error(`${name} is not declared`);
    return found;
  };

  const call = async (name: string, input: Record<string, unknown>) => {
    const operation = operationOf(name);
    const { path, init } = operationRequest(operation, input);
    const response = await fetch(
      `${backend.url}/api/${operation.plugin}${path}`,
      {
        ...init,
        headers: {
          ...(init.headers as Record<string, string>),
          Authorization: authorization,
        },
      },
    );
    return { status: response.status, text: await response.text() };
  };

  const made = async (name: string, input: Record<string, unknown>) => {
    const { status, text } = await call(name, input);
    expect([name, status]).toEqual([name, 200]);
    return JSON.parse(text) as Record<string, { id: string }>;
  };

  /** What there is that a refused call may not have changed. */
  const effects = async () => {
    const items = async (name: string) =>
      (
        JSON.parse((await call(name, { service: SERVICE })).text) as {
          items: { id: string; state: string }[];
        }
      ).items.map(({ id, state }) => [id, state]);
    return {
      deployments: await items('deployments.list'),
      deviations: await items('deployments.deviations'),
    };
  };

  beforeAll(async () => {
    backend = await startWholeBackend({
      tokens: [],
      platform: {
        create: { imagePrefix: '127.0.0.1:1/none' },
        clusters: [NO_CLUSTER],
        environments: ['staging', 'testing', 'production'].map(name => ({
          ...{
            name,
            cluster: 'none',
            ...(name === 'production' && { approval: true }),
          },
        })),
        access: { admins: ['group:default/platform-team'] },
      },
    });
    authorization = await backend.signIn(ADMIN);
    const deployed = await made('deployments.deploy', {
      ...{ ...production, version: '0.9.0' },
    });
    deployment = deployed.deployment.id;
    deviation = (await made('deployments.deviation-add', lifted())).deviation
      .id;
  });
  afterAll(() => backend?.stop());

  it('what accesses secrets or changes production is refused before it has any effect, and done once they are taken', async () => {
    const recorded = backend.operations.filter(
      ({ audit }) =>
        audit !== 'no-effect' &&
        ['critical', 'by-environment'].includes(audit.severity),
    );
    expect(Object.keys(inputs()).sort()).toEqual(recorded.map(nameOf).sort());

    const before = await effects();
    await backend.refuseRecords();
    const refused: Record<string, string> = {};
    for (const [name, input] of Object.entries(inputs())) {
      const { status, text } = await call(name, input);
      const why = text.includes(MUST_BE_RECORDED) ? 'not recorded' : text;
      refused[name] = `${status}: ${why}`;
    }
    expect(refused).toEqual(
      Object.fromEntries(
        Object.keys(inputs()).map(name => [name, '503: not recorded']),
      ),
    );
    expect(await effects()).toEqual(before);
    expect(before).toMatchObject({
      deployments: [[deployment, 'checking']],
      deviations: [[deviation, 'active']],
    });
    // Others go on.
    const staging = { service: SERVICE, environment: 'staging' };
    const { deployment: other } = await made('deployments.deploy', {
      ...{ ...staging, version: '0.9.0' },
    });

    await backend.takeRecords();
    for (const [name, input] of Object.entries(inputs())) {
      const { text } = await call(name, input);
      expect([name, text.includes(MUST_BE_RECORDED)]).toEqual([name, false]);
    }
    expect(await effects()).not.toEqual(before);
    // What went on has its records too, and what was refused is known.
    const found = async (query: Record<string, unknown>) => {
      let { status, text } = await call('audit.search', query);
      // What waited all this time is written now: its database may be busy.
      for (let again = 0; status === 503 && again < 20; again++) {
        await sleep(500);
        ({ status, text } = await call('audit.search', query));
      }
      expect([status, text]).toEqual([200, expect.any(String)]);
      return (JSON.parse(text) as { items: LedgerRecord[] }).items;
    };
    const deploys = { event: 'deployments.deploy', service: SERVICE };
    expect(await found({ ...deploys, environment: 'staging' })).toMatchObject([
      { outcome: 'succeeded', actor: { ref: ADMIN } },
    ]);
    expect(other.id).toEqual(expect.any(String));
    expect(
      await found({
        ...{ ...deploys, environment: 'production', outcome: 'refused' },
      }),
    ).toMatchObject([
      { error: { message: expect.stringContaining(MUST_BE_RECORDED) } },
    ]);
  });
});

function nameOf({ plugin, name }: Operation): string {
  return `${plugin}.${name}`;
}
