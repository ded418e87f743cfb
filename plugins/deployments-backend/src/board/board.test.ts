import {
  mockCredentials,
  TestDatabaseId,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  deploymentOperations,
  Drift,
  Readiness,
} from '@highroad/plugin-deployments-common';
import { Knex } from 'knex';
import { gzipSync } from 'node:zlib';
import { v7 as uuidv7 } from 'uuid';
import { eachOnItsDatabase } from '../__testUtils__/eachOnItsDatabase';
import { ANNA, world } from '../__testUtils__/world';
import { DriftStore } from '../drift/DriftStore';
import { boardImplementation } from './boardImplementation';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

const SERVICES = 5_000;
/** Rows of one insert, as many as every database takes. */
const CHUNK = 25;
const BEGAN = Date.parse('2026-01-01T00:00:00Z');
/** What all of 5,000 services in two environments may come to. */
const MOST_BYTES = 1_500_000;
/** What the server may work on it, in milliseconds of its processor. */
const MOST_WORK_MS = 1_000;
const SLOW = 300_000;

interface Deployed {
  service: string;
  environment: string;
  version: string;
  state?: string;
  kind?: string;
  door?: string;
  undoes?: string;
  summary?: string;
}

/** One after the other, each a second later. */
async function put(db: Knex, all: Deployed[]): Promise<string[]> {
  const rows = all.map(({ service, ...rest }, at) => {
    const time = new Date(BEGAN + at * 1_000).toISOString();
    return {
      ...{ id: uuidv7(), service: `component:default/${service}` },
      ...{ kind: 'deploy', image: 'registry.example.com/shop/service' },
      ...{ digest: `sha256:${'ab'.repeat(32)}`, commit: 'c0ffee'.repeat(6) },
      ...{ state: 'succeeded', summary: `${rest.version} runs` },
      ...{ requested_by: ANNA.requestedBy, door: 'cli', correlation: 'c-1' },
      progress: JSON.stringify({
        ...{ wanted: 2, updated: 2, ready: 2, paused: false },
      }),
      ...{ requested_at: time, ended_at: time, revision: 9, due_at: time },
      ...{ memory: '{}', lease_token: 1, holds: '[]' },
      ...rest,
    };
  });
  for (let at = 0; at < rows.length; at += CHUNK) {
    await db('deployments').insert(rows.slice(at, at + CHUNK));
  }
  return rows.map(({ id }) => id);
}

describe.each(databases.eachSupportedId())(
  'the board of what runs where, on %s',
  (id: TestDatabaseId) => {
    const { db } = eachOnItsDatabase(databases, id);

    /** As it is asked by somebody who may see all, or only some. */
    const start = (
      options: {
        pods?: (ids: string[]) => Readiness | undefined;
        unready?: () => string[];
        visible?: string[];
      } = {},
    ) => {
      const { service, environments } = world(db());
      const implementation = boardImplementation({
        ...{ service, environments },
        drift: new DriftStore(db(), { newId: () => uuidv7() }),
        readiness: {
          of: options.pods ?? (() => undefined),
          problem: () => undefined,
          unready: options.unready ?? (() => []),
        },
      });
      return async (input: object = {}) =>
        deploymentOperations.board.output.parse(
          await implementation.handle({
            input: deploymentOperations.board.input.parse(input),
            credentials: mockCredentials.user(),
            actor: { kind: 'user', ref: ANNA.requestedBy },
            ...{ door: 'portal', correlation: 'test-0001' },
            signal: new AbortController().signal,
            decision: { result: AuthorizeResult.ALLOW },
            visible: async () => options.visible,
            note: () => {},
          }),
        );
    };

    it('has of each place what a table shows of it, and no more', async () => {
      const ids = await put(db(), [
        { service: 'cart', environment: 'production', version: '1.0.0' },
        {
          ...{ service: 'cart', environment: 'staging', version: '1.0.0' },
          ...{ kind: 'rollback', door: 'system', undoes: uuidv7() },
        },
        {
          ...{ service: 'cart', environment: 'production', version: '1.1.0' },
          ...{ state: 'failed', summary: 'x'.repeat(5_000) },
        },
        { service: 'stock', environment: 'staging', version: '2.0.0' },
      ]);
      const [good, back, failed, stock] = ids;
      const pods = new Map([
        [good, { wanted: 3, ready: 1 }],
        [stock, { wanted: 2, ready: 2 }],
      ]);
      const board = start({
        pods: some => some.flatMap(one => pods.get(one) ?? [])[0],
      });
      const { environments, services } = await board();
      expect(environments).toEqual(['production', 'staging']);
      expect(services).toEqual({
        'component:default/cart': [
          {
            running: {
              ...{ id: good, version: '1.0.0' },
              endedAt: '2026-01-01T00:00:00.000Z',
            },
            latest: {
              ...{ id: failed, version: '1.1.0', kind: 'deploy' },
              ...{ state: 'failed', summary: `${'x'.repeat(299)}…` },
              requestedAt: '2026-01-01T00:00:02.000Z',
              endedAt: '2026-01-01T00:00:02.000Z',
            },
            pods: { wanted: 3, ready: 1 },
          },
          {
            running: {
              ...{ id: back, version: '1.0.0', kind: 'rollback' },
              ...{ door: 'system', undoes: expect.any(String) },
              endedAt: '2026-01-01T00:00:01.000Z',
            },
          },
        ],
        'component:default/stock': [
          null,
          {
            running: {
              ...{ id: stock, version: '2.0.0' },
              endedAt: '2026-01-01T00:00:03.000Z',
            },
            pods: 2,
          },
        ],
      });
    });

    it('names only where pods are missing or it was changed by hand, where that is asked', async () => {
      const places = ['cart', 'stock', 'mail', 'old'];
      const ids = await put(
        db(),
        places.map(service => ({
          ...{ service, environment: 'staging', version: '1.0.0' },
        })),
      );
      const [cart, stock, mail] = ids;
      const seen = (
        service: string,
        deployment: string,
        state: Drift['state'],
      ) =>
        db()('drift').insert({
          ...{ service: `component:default/${service}` },
          ...{ environment: 'staging', deployment_id: deployment },
          due_at: '2026-01-01T00:00:00Z',
          differs: state === 'differs',
          result: JSON.stringify({
            ...{ state, summary: 'replicas is 5', at: '', changes: [] },
          }),
        });
      await seen('cart', cart, 'differs');
      await seen('mail', mail, 'same');
      // Of what was deployed before what runs now.
      await seen('old', uuidv7(), 'differs');
      const board = start({
        pods: ([one]) => ({ wanted: 2, ready: one === stock ? 1 : 2 }),
        unready: () => [stock],
      });
      const named = async (input: object) =>
        Object.entries((await board(input)).services).map(
          ([service, [place]]) => [
            ...[service.split('/')[1], place?.drift?.state, place?.pods],
          ],
        );
      expect((await named({})).sort()).toEqual([
        ...[
          ['cart', 'differs', 2],
          ['mail', undefined, 2],
        ],
        ...[
          ['old', undefined, 2],
          ['stock', undefined, { wanted: 2, ready: 1 }],
        ],
      ]);
      expect((await named({ only: 'amiss' })).sort()).toEqual([
        ...[['cart', 'differs', 2]],
        ['stock', undefined, { wanted: 2, ready: 1 }],
      ]);
      expect(
        await named({ only: 'amiss', service: ['component:default/cart'] }),
      ).toEqual([['cart', 'differs', 2]]);
    });

    it('has no service that whoever asks may not see', async () => {
      await put(db(), [
        { service: 'cart', environment: 'staging', version: '1.0.0' },
        { service: 'stock', environment: 'production', version: '1.0.0' },
      ]);
      const board = start({ visible: ['component:default/cart'] });
      const { environments, services } = await board();
      expect(Object.keys(services)).toEqual(['component:default/cart']);
      expect(environments).toEqual(['staging']);
    });

    it(
      'is of 5,000 services in two environments less than 1.5 MB and a second of work',
      async () => {
        const all: Deployed[] = [];
        for (let number = 0; number < SERVICES; number++) {
          const service = `service-${String(number).padStart(4, '0')}`;
          for (const environment of ['staging', 'production']) {
            all.push({ service, environment, version: '1.4.1' });
            const isBad = number % 500 === 0;
            all.push({
              ...{ service, environment, version: '1.4.2' },
              ...(isBad && { state: 'failed', summary: 'It has no image.' }),
            });
          }
        }
        const ids = await put(db(), all);
        const drift = JSON.stringify({
          ...{ state: 'same', summary: 'As it was deployed' },
          ...{ at: new Date(BEGAN).toISOString(), changes: [] },
        });
        for (let at = 1; at < all.length; at += 2 * CHUNK) {
          const some = Array.from({ length: CHUNK }, (_, n) => at + 2 * n);
          await db()('drift').insert(
            some.map(n => ({
              service: `component:default/${all[n].service}`,
              environment: all[n].environment,
              ...{ deployment_id: ids[n], due_at: '', differs: false },
              result: drift,
            })),
          );
        }
        const board = start({ pods: () => ({ wanted: 2, ready: 2 }) });
        const measured: Array<{ workMs: number; tookMs: number }> = [];
        let text = '';
        for (let round = 0; round < 5; round++) {
          const before = process.cpuUsage();
          const began = performance.now();
          text = JSON.stringify(await board());
          const { user, system } = process.cpuUsage(before);
          measured.push({
            workMs: Math.round((user + system) / 1_000),
            tookMs: Math.round(performance.now() - began),
          });
        }
        const [workMs] = measured.map(one => one.workMs).sort((a, b) => a - b);
        const numbers = { bytes: text.length, gzip: gzipSync(text).length };
        process.stdout.write(
          `${id}: ${JSON.stringify({ ...numbers, workMs, measured })}\n`,
        );
        expect(Object.keys(JSON.parse(text).services)).toHaveLength(SERVICES);
        expect(numbers.bytes).toBeLessThan(MOST_BYTES);
        expect(workMs).toBeLessThan(MOST_WORK_MS);
      },
      SLOW,
    );
  },
);
