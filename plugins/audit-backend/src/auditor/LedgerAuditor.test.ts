import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { NotAllowedError } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import { LedgerRecord } from '@highroad/plugin-audit-common';
import { AuditContext, SecretValue } from '@highroad/plugin-platform-common';
import { Request } from 'express';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { TestLedger } from '../testing';
import { LedgerAuditor } from './LedgerAuditor';

const WORD = 'correct horse battery staple';

function setUp(settings = {}) {
  const test = TestLedger.create(settings);
  const { auditor, logger } = attach(test);
  return { test, auditor, logger };
}

function attach(test: TestLedger) {
  const log = mockServices.auditor.mock();
  const logger = mockServices.logger.mock();
  const event = { success: jest.fn(), fail: jest.fn() };
  log.createEvent.mockResolvedValue(event);
  const auditor = new LedgerAuditor({
    ...{ plugin: 'deployments', log, logger },
    intake: test.ledger.intake,
    auth: mockServices.auth(),
    httpAuth: mockServices.httpAuth(),
    now: test.ledger.now,
    newId: () => uuidv7(),
  });
  return { auditor, log, logger, event };
}

function request(headers: Record<string, string> = {}): Request {
  const all: Record<string, string> = {
    authorization: mockCredentials.user.header('user:default/ann'),
    ...headers,
  };
  const fake: Partial<Request> = {
    ...{ method: 'POST', originalUrl: '/api/deployments/v1/x?token=1' },
    headers: all,
    get: ((name: string) => all[name]) as Request['get'],
  };
  return fake as Request;
}

const platform = (context: AuditContext): JsonObject => ({
  platform: { ...context },
});

describe('the auditor', () => {
  let open: TestLedger[] = [];
  const prepared = (settings = {}) => {
    const all = setUp(settings);
    open.push(all.test);
    return all;
  };

  afterEach(async () => {
    await Promise.all(open.map(test => test.stop()));
    open = [];
  });

  it('records what is about to happen before it returns, and how it ended after that', async () => {
    const { test, auditor } = prepared();
    const event = await auditor.createEvent({
      ...{ eventId: 'create', severityLevel: 'medium', request: request() },
      meta: {
        ...{ version: '1.2.3' },
        ...platform({
          ...{ service: 'component:default/Cart', environment: 'production' },
          ...{ correlation: 'abc', reason: 'A fix', door: 'webhook' },
        }),
      },
    });
    const [intent] = await test.records();
    expect(intent).toEqual({
      ...{ v: 1, seq: 1, hash: expect.any(String), id: expect.any(String) },
      ...{ at: expect.any(String), plugin: 'deployments', event: 'create' },
      ...{ severity: 'medium', phase: 'intent', door: 'webhook' },
      actor: { kind: 'user', ref: 'user:default/ann' },
      ...{ service: 'component:default/cart', environment: 'production' },
      ...{ correlation: 'abc', reason: 'A fix' },
      request: { method: 'POST', path: '/api/deployments/v1/x' },
      meta: { version: '1.2.3' },
    });

    await event.success({ meta: { digest: 'sha256:1' } });
    const [, outcome] = await test.records();
    expect(outcome).toMatchObject({
      ...{ phase: 'outcome', outcome: 'succeeded', intent: intent.id },
      ...{ startedAt: intent.at, service: 'component:default/cart' },
      meta: { version: '1.2.3', digest: 'sha256:1' },
    });
  });

  it('tells failures from refusals', async () => {
    const { test, auditor } = prepared();
    const fail = async (error: Error, meta?: JsonObject) => {
      const event = await auditor.createEvent({
        ...{ eventId: 'create', severityLevel: 'high', meta },
      });
      await event.fail({ error });
      await event.fail({ error });
    };
    await fail(new Error('broken'));
    await fail(new NotAllowedError('no'));
    await fail(new Error('no'), platform({ refused: true }));
    const ends = (await test.records()).filter(r => r.phase === 'outcome');
    expect(ends.map(({ outcome }) => outcome)).toEqual([
      ...['failed', 'refused', 'refused'],
    ]);
    expect(ends[0].error).toEqual({ name: 'Error', message: 'broken' });
  });

  it('records that something failed, whatever was thrown', async () => {
    const { test, auditor, logger } = prepared();
    const { error } = logger;
    const bare = (parts: object): unknown => Object.assign(new Error(), parts);
    const unreadable = {
      get message(): string {
        throw new Error('no');
      },
    };
    const nameless = 'It was not said what went wrong.';
    const thrown: Array<[unknown, string, string]> = [
      [bare({ message: undefined }), 'Error', nameless],
      [bare({ message: { code: 7 } }), 'Error', '{"code":7}'],
      [bare({ name: undefined, message: 'a' }), 'Error', 'a'],
      [bare({ name: 5, message: null }), '5', nameless],
      [bare({ message: new SecretValue(WORD) }), 'Error', '[secret]'],
      ['just text', 'Error', 'just text'],
      [unreadable, 'Error', '[unreadable]'],
      [undefined, 'Error', nameless],
    ];
    for (const [one] of thrown) {
      const event = await auditor.createEvent({
        ...{ eventId: 'create', severityLevel: 'high' },
      });
      // As code would that knows nothing of what it caught.
      await event.fail({ error: one as Error });
    }
    expect(error).toHaveBeenCalledTimes(1);
    const event = await auditor.createEvent({
      ...{ eventId: 'create', severityLevel: 'high' },
    });
    const meta = Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    await expect(event.success({ meta })).resolves.toBeUndefined();
    expect(error).toHaveBeenCalledTimes(2);
    const ends = (await test.records()).filter(r => r.phase === 'outcome');
    expect(ends.map(end => [end.outcome, end.error])).toEqual([
      ...thrown.map(([, name, message]) => ['failed', { name, message }]),
      ['succeeded', undefined],
    ]);
  });

  it.each([
    [{ 'x-highroad-door': 'cli' }, 'cli'],
    [{ 'sec-fetch-site': 'same-origin' }, 'portal'],
    // What Node's fetch sends
    [{ 'sec-fetch-mode': 'cors' }, 'api'],
    [{ 'x-highroad-door': 'controller' }, 'api'],
    [{}, 'api'],
  ])('takes a request with %j as by the door %s', async (headers, door) => {
    const { test, auditor } = prepared();
    await auditor.createEvent({
      ...{ eventId: 'a', severityLevel: 'medium', request: request(headers) },
    });
    expect(await test.records()).toMatchObject([{ door }]);
  });

  it('takes what comes from no request as by the system, in the name of the plugin', async () => {
    const { test, auditor } = prepared();
    await auditor.createEvent({ eventId: 'a', severityLevel: 'medium' });
    expect(await test.records()).toMatchObject([
      { door: 'system', actor: { kind: 'service', ref: 'plugin:test' } },
    ]);
  });

  it('only logs what is of low severity', async () => {
    const test = TestLedger.create();
    open.push(test);
    const { auditor, log, event } = attach(test);
    const low = await auditor.createEvent({ eventId: 'read' });
    await low.success();
    expect(log.createEvent).toHaveBeenCalledWith(
      expect.objectContaining({ eventId: 'read' }),
    );
    expect(event.success).toHaveBeenCalled();
    expect(await test.records()).toEqual([]);
  });

  describe('when the ledger cannot write', () => {
    const critical = { eventId: 'reveal', severityLevel: 'critical' } as const;
    const medium = { eventId: 'create', severityLevel: 'medium' } as const;

    it('refuses what is critical before it happens, and lets the same through once it can', async () => {
      const { test, auditor } = prepared();
      await test.refuseWrites();
      const effect = jest.fn();
      const call = async () => {
        const event = await auditor.createEvent(critical);
        effect();
        await event.success();
      };
      await expect(call()).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
        message: expect.stringMatching(
          /^deployments\.reveal was refused and nothing was done: .*cannot write now \(no such table: intake\).*audit-cannot-record/,
        ),
      });
      expect(effect).not.toHaveBeenCalled();

      await test.acceptWrites();
      await call();
      expect(effect).toHaveBeenCalledTimes(1);
      const outcomes = (await test.records()).map(({ outcome }) => outcome);
      expect(outcomes.sort()).toEqual(['refused', 'succeeded', undefined]);
    });

    it('lets everything else go on, and catches up', async () => {
      const { test, auditor, logger } = prepared();
      await test.refuseWrites();
      const event = await auditor.createEvent(medium);
      await event.success();
      expect(await test.ledger.intake.state()).toMatchObject({
        ...{ canWrite: false, spooled: 2 },
        failing: { error: 'no such table: intake' },
      });
      await expect(test.records()).rejects.toThrow('no such table');

      await test.acceptWrites();
      const verify = async () =>
        test.ledger.verifier.verify(await test.ledger.database());
      expect((await verify()).warnings).toEqual([
        expect.stringMatching(/^2 records wait in files of this backend/),
      ]);
      expect(await test.records()).toMatchObject([
        { phase: 'intent' },
        { phase: 'outcome', outcome: 'succeeded' },
      ]);
      expect((await verify()).warnings).toEqual([]);
      expect(await test.ledger.intake.state()).toEqual({
        ...{ canWrite: true, spooled: 0 },
      });
      expect(logger.error).not.toHaveBeenCalled();
    });

    it('records the outcome of what began before, whatever happens', async () => {
      const { test, auditor } = prepared();
      const event = await auditor.createEvent(critical);
      await test.refuseWrites();
      await event.success();
      await test.acceptWrites();
      expect(await test.records()).toMatchObject([
        { phase: 'intent' },
        { phase: 'outcome', outcome: 'succeeded' },
      ]);
    });

    it('catches up after a restart, each once, from files that nobody else can read', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'highroad-audit-'));
      const spoolDirectory = join(folder, 'spool');
      const { test, auditor } = prepared({ spoolDirectory });
      await test.refuseWrites();
      const event = await auditor.createEvent(medium);
      await event.success();
      expect(await readdir(spoolDirectory)).toHaveLength(2);
      await writeFile(join(spoolDirectory, `${uuidv7()}.json`), 'torn');

      const { keys } = test.ledger.settings;
      const { test: next } = prepared({ spoolDirectory, keys });
      expect(await next.records()).toMatchObject([
        { phase: 'intent' },
        { phase: 'outcome' },
      ]);
      expect(await readdir(spoolDirectory)).toEqual([
        expect.stringMatching(/\.json\.unreadable$/),
      ]);
      await rm(folder, { recursive: true });
    });

    it('keeps records in memory if not even the disk takes them', async () => {
      const { test, auditor } = prepared({ spoolDirectory: '/dev/null/no' });
      await test.refuseWrites();
      await auditor.createEvent(medium);
      await test.acceptWrites();
      expect(await test.records()).toHaveLength(1);
    });

    it('does not wait for a database that does not answer', async () => {
      const { test, auditor } = prepared({ intakeTimeoutMs: 20 });
      const db = await test.ledger.database();
      const held = await db.client.acquireConnection();
      await expect(auditor.createEvent(critical)).rejects.toThrow(
        /did not answer within 20 ms/,
      );
      await auditor.createEvent(medium);
      await db.client.releaseConnection(held);
      expect((await test.records()).map(({ event }) => event)).toContain(
        'create',
      );
    });
  });

  describe('a value marked as secret', () => {
    it('does not get into the ledger, nor into the log, wherever it is put', async () => {
      const { test, auditor, logger } = prepared();
      const { log } = attach(test);
      const secret = new SecretValue(WORD);
      const foreign = { reveal: () => WORD, value: WORD };
      // As code would that has told the compiler to be quiet.
      const hostile = {
        ...{ secret, list: [1, [secret]], deep: { a: { b: { secret } } } },
        ...{ foreign, map: new Map([['k', secret]]), fn: () => WORD },
        platform: { reason: 'A fix', service: secret },
      };
      const event = await auditor.createEvent({
        ...{ eventId: 'set', severityLevel: 'critical' },
        meta: hostile as unknown as JsonObject,
      });
      await event.fail({
        error: new Error(`cannot set ${secret}`),
        meta: { secret } as unknown as JsonObject,
      });
      const records = await test.records();
      expect(JSON.stringify(records)).not.toContain(WORD);
      expect(JSON.stringify(log.createEvent.mock.calls)).not.toContain(WORD);
      expect(records[0].meta).toMatchObject({
        ...{ secret: '[secret]', list: [1, ['[secret]']], map: '[Map]' },
        deep: { a: { b: { secret: '[secret]' } } },
      });
      expect(logger.error).toHaveBeenCalledWith(
        expect.stringMatching(/handed a secret .* meta\.secret, meta\.list/),
      );
      // The control: a value that is not marked is there.
      const plain = await auditor.createEvent({
        ...{ eventId: 'set', severityLevel: 'medium', meta: { word: WORD } },
      });
      await plain.success();
      expect(JSON.stringify(await test.records())).toContain(WORD);
    });

    it('is refused by the compiler', async () => {
      const { auditor, test } = prepared();
      const secret = new SecretValue(WORD);
      await auditor.createEvent({
        eventId: 'set',
        // @ts-expect-error a secret is no JSON
        meta: { secret },
      });
      const event = await auditor.createEvent({ eventId: 'set' });
      // @ts-expect-error nor at the end
      await event.success({ meta: { deep: { secret } } });
      expect(await test.records()).toEqual([]);
    });
  });

  it('takes names in one line and in as many letters as a column holds', async () => {
    const { auditor, test } = prepared();
    await auditor.createEvent({
      ...{ eventId: 'a', severityLevel: 'medium' },
      // A letter that is longer when it is small.
      meta: platform({
        ...{ service: '\u0130'.repeat(200) },
        environment: 'x\n99  priya.raman\r\u2028deployed',
      }),
    });
    const [record] = await test.records();
    expect(record.service).toHaveLength(200);
    expect(record.environment).toBe('x 99 priya.raman deployed');
  });

  it('bounds whatever it is given', async () => {
    const { test, auditor } = prepared();
    const circular: JsonObject = { name: 'a\u0000b\u001bc\ud800d' };
    circular.self = circular;
    let deep: JsonObject = {};
    for (let n = 0; n < 50; n++) deep = { deep };
    await auditor.createEvent({
      eventId: `e${'x'.repeat(5_000)}`,
      severityLevel: 'medium',
      meta: {
        ...{ circular, deep, many: Array.from({ length: 5_000 }, () => 1) },
        ...{ a: 'x'.repeat(4_000), b: 'x'.repeat(4_000), c: 'é'.repeat(3_000) },
        ...{ d: 'x'.repeat(9_000), e: 'x'.repeat(4_000) },
        ...platform({ service: `component:default/${'x'.repeat(5_000)}` }),
      },
    });
    const [record]: LedgerRecord[] = await test.records();
    const meta = JSON.stringify(record.meta);
    expect(Buffer.byteLength(meta)).toBeLessThanOrEqual(16_384);
    expect(record.meta).toMatchObject({
      circular: { name: 'abc\ufffdd', self: '[circular]' },
      cut: expect.stringMatching(/bytes were given, of which 16384 are kept/),
    });
    expect(meta).toContain('[too deep]');
    expect(record.event.length).toBe(100);
    expect(record.service?.length).toBe(200);
  });
});
