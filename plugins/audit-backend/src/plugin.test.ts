import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestBackend,
} from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  AuthorizeResult,
  QueryPermissionResponse,
} from '@backstage/plugin-permission-common';
import {
  auditConditions,
  auditOperations,
  LedgerRecord,
  RESOURCE_TYPE_AUDIT_RECORD,
  verifyExport,
} from '@highroad/plugin-audit-common';
import {
  AuditContext,
  createOperationClient,
} from '@highroad/plugin-platform-common';
import request from 'supertest';
import auditFeature, { auditLedgerServiceRef } from './index';

const ANN = 'user:default/ann';
const AUDITOR = 'user:default/auditor';
const STRANGER = 'user:default/stranger';
const CART = 'component:default/cart';
const SHOP = 'component:default/shop';

function component(name: string, owner: string): Entity {
  return {
    ...{ apiVersion: 'backstage.io/v1alpha1', kind: 'Component' },
    metadata: { name, namespace: 'default' },
    relations: [{ type: 'ownedBy', targetRef: owner }],
  };
}

/** The one of the backend, to change what is in it as nobody should be able to. */
let ledger: typeof auditLedgerServiceRef.T | undefined;

/** Something that others do, by one route, audited. */
const deeds = createBackendPlugin({
  pluginId: 'deeds',
  register: env =>
    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        ledger: auditLedgerServiceRef,
        router: coreServices.httpRouter,
      },
      async init({ auditor, router, ...deps }) {
        ({ ledger } = deps);
        router.use(async (req, res) => {
          const context: AuditContext = {
            ...{ service: String(req.query.service), environment: 'staging' },
          };
          const event = await auditor.createEvent({
            ...{ eventId: 'do', severityLevel: 'medium', request: req },
            meta: { platform: { ...context } },
          });
          if (req.query.fail) await event.fail({ error: new Error('broken') });
          else await event.success();
          res.json({ ok: true });
        });
      },
    }),
});

/** Auditors see all, owners theirs, strangers nothing. */
async function policy(user: string): Promise<QueryPermissionResponse> {
  if (user === AUDITOR) return { result: AuthorizeResult.ALLOW };
  if (user === STRANGER) return { result: AuthorizeResult.DENY };
  return {
    ...{ result: AuthorizeResult.CONDITIONAL, pluginId: 'audit' },
    resourceType: RESOURCE_TYPE_AUDIT_RECORD,
    conditions: {
      anyOf: [
        auditConditions.isServiceOwner({ claims: ['group:default/carts'] }),
        { not: { not: auditConditions.isActor({ actor: user }) } },
      ],
    },
  };
}

const header = (user: string) => mockCredentials.user.header(user);
const userOf = (credentials: { principal: unknown }) =>
  JSON.stringify(credentials.principal).match(/user:[\w/]+/)?.[0] ?? '';

type Parser = Parameters<request.Test['parse']>[0];
const asText: Parser = (response, done) => {
  const chunks: Buffer[] = [];
  response.on('data', chunk => chunks.push(Buffer.from(chunk)));
  response.on('end', () => done(null, Buffer.concat(chunks).toString()));
};

describe('the audit plugin', () => {
  let backend: TestBackend;

  const act = (user: string, service: string, fail = false) =>
    request(backend.server)
      .post('/api/deeds')
      .query({ service, ...(fail && { fail }) })
      .set('Authorization', header(user))
      .expect(200);

  const ask = (user: string, path: string) =>
    request(backend.server)
      .get(`/api/audit/v1/${path}`)
      .set('Authorization', header(user));

  const search = async (user: string, query = ''): Promise<LedgerRecord[]> =>
    (await ask(user, `records?${query}`).expect(200)).body.items;

  /** Waits until so many records are in the chain, by the tail. */
  async function sealed(count: number): Promise<void> {
    let after = 0;
    while (after < count) {
      const { body } = await ask(AUDITOR, `tail?after=${after}`).expect(200);
      after = body.next;
    }
  }

  beforeAll(async () => {
    backend = await startTestBackend({
      features: [
        auditFeature,
        deeds,
        catalogServiceMock.factory({
          entities: [
            component('cart', 'group:default/carts'),
            component('shop', 'group:default/shops'),
          ],
        }),
        mockServices.permissions.mock({
          authorize: async (asked, { credentials }) =>
            asked.map(() => ({
              result:
                userOf(credentials) === STRANGER
                  ? AuthorizeResult.DENY
                  : AuthorizeResult.ALLOW,
            })),
          authorizeConditional: async (asked, { credentials }) =>
            Promise.all(asked.map(() => policy(userOf(credentials)))),
        }).factory,
        mockServices.scheduler.factory(),
      ],
    });
    await act(ANN, CART);
    await act(AUDITOR, SHOP);
    await act(ANN, SHOP);
    await act(AUDITOR, CART, true);
    await sealed(8);
  });

  it('answers who did what to which service, when, by which door and with what outcome', async () => {
    const records = await search(AUDITOR);
    expect(records).toHaveLength(4);
    expect(records[0]).toMatchObject({
      ...{ plugin: 'deeds', event: 'do', outcome: 'failed', door: 'api' },
      ...{ service: CART, environment: 'staging', phase: 'outcome' },
      actor: { kind: 'user', ref: AUDITOR },
      error: { message: 'broken' },
      request: { method: 'POST', path: '/api/deeds' },
    });
    expect(await search(AUDITOR, 'outcome=failed')).toHaveLength(1);
    expect(await search(AUDITOR, `service=${CART}`)).toHaveLength(2);
    expect(await search(AUDITOR, `service=${SHOP}&actor=${ANN}`)).toHaveLength(
      1,
    );
    // In capitals, and without what goes without saying, they are the same.
    const same = `service=Shop&actor=${ANN.replace('ann', 'Ann')}`;
    expect(await search(AUDITOR, same)).toHaveLength(1);
    expect(await search(AUDITOR, 'event=deeds.do&door=api')).toHaveLength(4);
    expect(await search(AUDITOR, 'door=cli')).toHaveLength(0);
  });

  it('shows an owner what is about their services, and what they did', async () => {
    const seen = await search(ANN);
    expect(seen.map(({ service, actor }) => [service, actor.ref])).toEqual([
      [CART, AUDITOR],
      [SHOP, ANN],
      [CART, ANN],
    ]);
    const [hidden] = await search(AUDITOR, `service=${SHOP}&actor=${AUDITOR}`);
    await ask(ANN, `records/${seen[0].id}`).expect(200);
    const refused = await ask(ANN, `records/${hidden.id}`).expect(404);
    expect(refused.body.error.message).toContain(hidden.id);
    await ask(AUDITOR, `records/${hidden.id}`).expect(200);
    await ask(STRANGER, 'records').expect(403);
    await request(backend.server)
      .get('/api/audit/v1/records')
      .set('Authorization', mockCredentials.none.header())
      .expect(401);
  });

  it('goes through pages without gaps and without doubles', async () => {
    const all = await search(AUDITOR);
    const paged: LedgerRecord[] = [];
    let cursor: number | undefined;
    do {
      const page = await ask(
        AUDITOR,
        `records?limit=1${cursor ? `&before=${cursor}` : ''}`,
      ).expect(200);
      paged.push(...page.body.items);
      cursor = page.body.next;
    } while (cursor !== undefined);
    expect(paged).toEqual(all);
  });

  it('gives what comes, in its order, to those who wait', async () => {
    const { body: now } = await ask(AUDITOR, 'tail').expect(200);
    expect(now.items).toEqual([]);
    const waiting = ask(ANN, `tail?after=${now.next}`).then(r => r.body);
    await act(AUDITOR, SHOP);
    await act(AUDITOR, CART);
    const got = await waiting;
    expect(got.items[0]).toMatchObject({ service: CART, phase: 'intent' });
    expect(got.next).toBeGreaterThan(now.next);
  });

  it('says how the chain is, and verifies it', async () => {
    const { body } = await ask(AUDITOR, 'chain').expect(200);
    expect(body).toMatchObject({
      ...{ firstSeq: 1, rejected: 0, archives: [] },
      head: { seq: expect.any(Number), at: expect.any(String) },
      intake: { writes: true, spooled: 0 },
      publicKeys: [{ publicKey: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
    const verified = await request(backend.server)
      .post('/api/audit/v1/verify')
      .set('Authorization', header(AUDITOR))
      .send({})
      .expect(200);
    expect(verified.body).toMatchObject({
      ok: true,
      summary: expect.stringMatching(
        /records \(1 to \d+\) are as they were written/,
      ),
    });
    expect(verified.body.checked).toBeGreaterThanOrEqual(8);
    const backwards = await request(backend.server)
      .post('/api/audit/v1/verify')
      .set('Authorization', header(AUDITOR))
      .send({ from: 5, to: 2 })
      .expect(400);
    expect(backwards.body.error.message).toMatch(/"from" \(5\).*"to" \(2\)/);
    const behind = await request(backend.server)
      .post('/api/audit/v1/verify')
      .set('Authorization', header(AUDITOR))
      .send({ from: 100_000 })
      .expect(400);
    expect(behind.body.error.message).toMatch(
      /nothing to verify from 100000 on: the last record is \d+/,
    );
    await request(backend.server)
      .post('/api/audit/v1/verify')
      .set('Authorization', header(STRANGER))
      .send({})
      .expect(403);
  });

  it('exports what may be seen with a chain that verifies alone', async () => {
    const { body } = await ask(AUDITOR, 'chain');
    const [{ publicKey }] = body.publicKeys;
    const answer = await ask(ANN, 'export').buffer().parse(asText);
    const lines = String(answer.body).split('\n');
    const verdict = await verifyExport(lines, { publicKey });
    expect(verdict).toMatchObject({ ok: true });
    expect(verdict.leftOut).toBeGreaterThanOrEqual(2);
    const bodies = lines
      .filter(line => line.includes('"body"'))
      .map(line => JSON.parse(JSON.parse(line).body));
    expect(bodies.length).toBeGreaterThanOrEqual(6);
    for (const { service, actor } of bodies) {
      expect(service === CART || actor.ref === ANN).toBe(true);
    }
    await ask(STRANGER, 'export').expect(403);
    const [recorded] = await search(AUDITOR, 'event=audit.export');
    expect(recorded).toBeDefined();
  });

  it('exports CSV', async () => {
    const answer = await ask(AUDITOR, `export.csv?actor=${ANN}`)
      .buffer()
      .parse(asText)
      .expect('content-type', /text\/csv/);
    const [head, ...rows] = String(answer.body).trim().split('\r\n');
    expect(head).toMatch(/^seq,id,at,event,/);
    expect(rows.length).toBeGreaterThanOrEqual(4);
    expect(rows.every(row => row.includes(ANN))).toBe(true);
  });

  it('is asked by its typed client', async () => {
    const port = backend.server.port();
    const client = createOperationClient(auditOperations, {
      fetch: (input, init) =>
        fetch(
          String(input).replace('plugin://', `http://localhost:${port}/api/`),
          { ...init, headers: { Authorization: header(AUDITOR) } },
        ),
    });
    const { items } = await client.search({ service: CART, limit: 1 });
    expect(items).toMatchObject([{ service: CART }]);
    const { record, intent } = await client.record({ id: items[0].id });
    expect(record).toEqual(items[0]);
    expect(intent?.id).toBe(record.intent);
  });

  it.each(['records?limit=1000', 'records?since=yesterday', 'records?x=1'])(
    'refuses %s with the name of the field',
    async path => {
      const { body } = await ask(AUDITOR, path).expect(400);
      expect(body.error.message).toMatch(/limit|since|"x"/);
    },
  );

  it('says of a record that somebody changed in the database that it is suspect, and verifying names it', async () => {
    const [changed] = await search(AUDITOR, `service=${CART}&actor=${ANN}`);
    expect(changed).not.toHaveProperty('suspect');
    const db = await ledger!.database();
    const { body } = await db('records').where({ id: changed.id }).first();
    await db('records')
      .where({ id: changed.id })
      .update({ body: body.replace('"staging"', '"production"') });

    const suspect = {
      kind: 'changed',
      message: expect.stringContaining(`Record ${changed.seq} (${changed.id}`),
    };
    const found = await search(AUDITOR, `service=${CART}&actor=${ANN}`);
    expect(found[0]).toMatchObject({ id: changed.id, suspect });
    const { body: one } = await ask(AUDITOR, `records/${changed.id}`);
    expect(one.record).toMatchObject({ environment: 'production', suspect });
    const { body: tail } = await ask(AUDITOR, 'tail?after=0&limit=200');
    expect(
      tail.items.filter((item: LedgerRecord) => item.suspect),
    ).toMatchObject([{ id: changed.id, suspect }]);
    const { body: verdict } = await request(backend.server)
      .post('/api/audit/v1/verify')
      .set('Authorization', header(AUDITOR))
      .send({})
      .expect(200);
    expect(verdict).toMatchObject({
      ...{ ok: false, problem: { ...suspect, seq: changed.seq } },
    });

    for (const path of ['export', `export.csv?service=${CART}`]) {
      const { body: refusal } = await ask(AUDITOR, path).expect(409);
      expect(refusal.error.message).toMatch(
        new RegExp(`broken off: .* Record ${changed.seq} .*audit-chain-broken`),
      );
    }
  });
});
