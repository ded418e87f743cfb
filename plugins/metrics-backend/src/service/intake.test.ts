import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import {
  allFacts,
  CART,
  committed,
  deployed,
  event,
  incident,
  ledgerOn,
  merged,
  migrate,
  owned,
  sha,
  STOCK,
} from '../__testUtils__/ledger';
import { until } from '../__testUtils__/backend';
import { LostLeaseError } from '../database/FeedStore';
import { markDirty } from '../database/LedgerStore';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

describe.each(databases.eachSupportedId())('intake, on %s', databaseId => {
  let db: Knex;
  beforeEach(async () => {
    db = await databases.init(databaseId);
    await migrate(db);
  });
  afterEach(() => db.destroy());

  it('takes an event once, however often it comes', async () => {
    const { intake, compute } = ledgerOn(db);
    const one = deployed('d1', '2026-06-01T12:00:00Z');
    expect(await intake.take([one, one], { source: '/ci' })).toMatchObject({
      accepted: 1,
      duplicates: 1,
    });
    expect(await intake.take([one], { source: '/ci' })).toMatchObject({
      accepted: 0,
      duplicates: 1,
      quarantined: [],
    });
    await compute();
    expect((await allFacts(db)).deployment_facts).toHaveLength(1);
  });

  it('takes the same events from two at once, in whatever order each tells them', async () => {
    const { intake, ledger } = ledgerOn(db);
    const [a, b, c] = ['a', 'b', 'c'].map(name => ({
      ...deployed(name, '2026-06-01T12:00:00Z'),
      id: name,
    }));
    const isServer = db.client.config.client === 'pg';
    // Both are held up by a third one, so that each has what it wrote before that when they go on.
    const third = isServer ? await db.transaction() : undefined;
    await ledger.append([a], { now: a.time, transaction: third });
    const told = Promise.all(
      [
        [b, a, c],
        [c, a, b],
      ].map(events => intake.take(events, { source: '/ci' })),
    );
    if (third) {
      await until(async () => {
        const waiting = await db('pg_stat_activity')
          .where({ wait_event_type: 'Lock' })
          .whereRaw('datname = current_database()');
        return waiting.length === 2;
      });
      await third.commit();
    }
    const found = await told;
    expect(found.map(one => one.accepted).sort()).toEqual([0, 2]);
    expect(found.map(one => one.quarantined)).toEqual([[], []]);
  });

  it('keeps bad events with the reason, beside good ones that are taken', async () => {
    const { intake, quarantine } = ledgerOn(db);
    const good = deployed('d1', '2026-06-01T12:00:00Z');
    const bad = { ...good, id: 'bad', data: { service: CART } };
    const { quarantined, accepted } = await intake.take([bad, good, 7], {
      source: '/ci',
    });
    expect(accepted).toBe(1);
    expect(quarantined).toMatchObject([
      { index: 0, reason: expect.stringContaining('environment is missing') },
      { index: 2, reason: expect.stringContaining('Expected object') },
    ]);
    const { items } = await quarantine.list(10);
    expect(items.map(one => one.event).sort()).toEqual(['bad', undefined]);
    expect(items.find(one => one.event === 'bad')).toMatchObject({
      ...{ source: '/test', payload: JSON.stringify(bad), tries: 1 },
    });
  });

  it('keeps a bad event that comes again once, with how often it came', async () => {
    const { intake, quarantine } = ledgerOn(db);
    const good = deployed('d1', '2026-06-01T12:00:00Z');
    const bad = { ...good, data: { service: CART } };
    await intake.take([bad, bad, { ...bad, id: 'other' }], { source: '/ci' });
    await intake.take([bad], { source: '/ci' });
    // From elsewhere it is another one, which may be about another service.
    await intake.take([bad], { source: '/ci', service: CART });
    const { items } = await quarantine.list(10);
    expect(items.map(one => [one.event, one.source, one.times]).sort()).toEqual(
      [
        [good.id, '/ci', 1],
        [good.id, '/test', 3],
        ['other', '/test', 1],
      ],
    );
  });

  it('keeps long events whole, so that they can be tried again, and says of longer ones that they cannot', async () => {
    let now = new Date('2026-06-28T12:00:00Z');
    const { intake, quarantine } = ledgerOn(db, { now: () => now });
    const commits = Array.from({ length: 5_000 }, (_, at) =>
      String(at).padStart(40, '0'),
    );
    const early = merged('7', '2026-06-30T12:00:00Z', {
      ...{ commits, mergeCommit: commits[0] },
      firstCommitAt: '2026-06-30T10:00:00Z',
    });
    const longer = { ...early, id: 'longer', data: 'x'.repeat(1_500_000) };
    await intake.take([early, longer], { source: '/ci' });
    const { items } = await quarantine.list(10);
    expect(items.map(one => one.payload.length)).toEqual([20_000, 20_000]);
    now = new Date('2026-06-30T12:00:00Z');
    expect(await intake.replay()).toEqual({ accepted: 1, remaining: 1 });
    const [left] = (await quarantine.list(10)).items;
    expect(left).toMatchObject({ event: 'longer', cut: true, tries: 2 });
    expect(left.reason).toContain('have it sent again');
  });

  it('puts another content under a known id into the quarantine, and leaves the first', async () => {
    const { intake } = ledgerOn(db);
    const one = deployed('d1', '2026-06-01T12:00:00Z');
    await intake.take([one], { source: '/ci' });
    const { quarantined } = await intake.take(
      [{ ...one, time: '2026-06-02T12:00:00Z' }],
      { source: '/ci' },
    );
    expect(quarantined[0].reason).toContain('the first one stays');
  });

  it('takes nothing about a service that it was not sent for', async () => {
    const { intake } = ledgerOn(db);
    const { quarantined } = await intake.take(
      [deployed('d1', '2026-06-01T12:00:00Z')],
      { source: '/ci', service: STOCK },
    );
    expect(quarantined[0].reason).toContain(`sent as one about ${STOCK}`);
  });

  it('lets nobody who tells of one service take the ids of what another will tell', async () => {
    const { intake } = ledgerOn(db);
    const at = '2026-06-01T12:00:00Z';
    const id = `${STOCK} ${sha('a')}`;
    const told = (service: string) => ({
      ...committed('a', at),
      ...{ id, source: '/git' },
      data: { ...committed('a', at).data, service },
    });
    const taken = { accepted: 1, duplicates: 0, quarantined: [] };
    expect(
      await intake.take([told(CART)], { source: 'external:ci', service: CART }),
    ).toEqual(taken);
    expect(await intake.take([told(STOCK)], { source: '/git' })).toEqual(taken);
    expect(await intake.take([told(STOCK)], { source: '/git' })).toEqual({
      ...{ accepted: 0, duplicates: 1, quarantined: [] },
    });
  });

  it('takes no address that leads to no page', async () => {
    const { intake } = ledgerOn(db);
    const one = deployed('d1', '2026-06-01T12:00:00Z', {
      url: 'https://ci/1',
    });
    // eslint-disable-next-line no-script-url
    const bad = { ...one, data: { ...one.data, url: 'javascript:alert(1)' } };
    const { quarantined } = await intake.take([bad, one], { source: '/ci' });
    expect(quarantined).toEqual([
      {
        index: 0,
        reason:
          'data.url: write an address that begins with https:// or http://',
      },
    ]);
  });

  it('takes nothing from outside in the name of what the platform tells itself', async () => {
    const { intake } = ledgerOn(db);
    const one = {
      ...deployed('d1', '2026-06-01T12:00:00Z'),
      source: '/plugins/deployments',
    };
    const outside = { source: 'external:ci', service: CART };
    expect(await intake.take([one], outside)).toMatchObject({
      accepted: 0,
      quarantined: [{ reason: expect.stringContaining('own; take another') }],
    });
    // So that the platform's own is not another content under a known id.
    expect(
      await intake.take([one], { source: '/plugins/deployments' }),
    ).toMatchObject({ accepted: 1 });
  });

  it('takes from a pipeline nothing but deployments, changes, incidents and tickets of its service, also later', async () => {
    const { intake } = ledgerOn(db);
    const created = event(
      'com.myorg.platform.service.created.1',
      '2026-06-01T12:00:00Z',
      { template: 'service' },
    );
    const events = [
      owned('group:default/a', '2026-06-01T12:00:00Z'),
      created,
      deployed('d1', '2026-06-01T12:00:00Z'),
      committed('c1', '2026-06-01T12:00:00Z'),
      incident('i1', 'detected', '2026-06-01T12:00:00Z'),
    ];
    const sent = (source: string) =>
      intake.take(events, { source, service: CART });
    const { accepted, quarantined } = await sent('external:ci');
    expect(accepted).toBe(3);
    expect(quarantined).toMatchObject([
      {
        index: 0,
        reason: expect.stringContaining('not taken from a pipeline'),
      },
      { index: 1 },
    ]);
    expect(await intake.replay()).toEqual({ accepted: 0, remaining: 2 });
    // Whoever may do it for all may, such as with a history from elsewhere.
    expect(await sent('user:default/anna')).toMatchObject({
      ...{ accepted: 2, duplicates: 3 },
    });
  });

  it('does not believe from outside that the platform made a deployment', async () => {
    const { intake, compute } = ledgerOn(db);
    await intake.take(
      [deployed('own', '2026-06-01T12:00:00Z', { platform: true })],
      { source: '/test' },
    );
    await intake.take(
      [deployed('claimed', '2026-06-02T12:00:00Z', { platform: true })],
      { source: 'external:ci', service: CART },
    );
    await compute();
    const rows = await db('deployment_facts').select('deployment', 'platform');
    const byPlatform = rows
      .filter(one => Boolean(one.platform))
      .map(one => one.deployment);
    expect(rows).toHaveLength(2);
    expect(byPlatform).toEqual(['own']);
  });

  it('lets no pipeline correct what this platform told of itself, but people', async () => {
    const { intake, quarantine } = ledgerOn(db);
    const own = {
      ...deployed('d1', '2026-06-01T12:00:00Z', { outcome: 'failed' }),
      source: '/plugins/deployments',
    };
    await intake.take([own], { source: '/plugins/deployments' });
    const told = (id: string) =>
      deployed(id, '2026-06-01T12:00:00Z', { revision: 1 });
    const by = (source: string) =>
      intake.take([told('d1'), told('d2')], { source, service: CART });
    const sent = await by('token:ci-cart');
    expect(sent).toMatchObject({
      ...{ accepted: 1, duplicates: 0 },
      quarantined: [
        { index: 0, reason: expect.stringMatching(/^data\.revision: this/) },
      ],
    });
    expect(await intake.replay()).toEqual({ accepted: 0, remaining: 1 });
    expect((await quarantine.list(9)).items).toMatchObject([
      { source: 'token:ci-cart', service: CART, tries: 2 },
    ]);
    expect(await by('user:default/anna')).toMatchObject({
      ...{ accepted: 2, quarantined: [] },
    });
  });

  it('takes nothing about another service later either, whatever source it claims to be of', async () => {
    const { intake, quarantine } = ledgerOn(db);
    intake.addTranslator('/pagerduty', async () => [
      deployed('d1', '2026-06-01T12:00:00Z'),
    ]);
    await intake.take(
      [deployed('d1', '2026-06-01T12:00:00Z'), { source: '/pagerduty' }],
      { source: 'external:ci', service: STOCK },
    );
    expect(await intake.replay()).toEqual({ accepted: 0, remaining: 2 });
    const { items } = await quarantine.list(10);
    expect(items).toMatchObject(
      Array(2).fill({ source: 'external:ci', service: STOCK, tries: 2 }),
    );
  });

  it('keeps what is more than a day ahead in the quarantine until its time comes, and takes what is late', async () => {
    let now = new Date('2026-06-30T12:00:00Z');
    const { intake, quarantine } = ledgerOn(db, { now: () => now });
    const { accepted, quarantined } = await intake.take(
      [
        deployed('d1', '2026-07-01T12:00:00Z'),
        deployed('d2', '2026-07-01T12:00:01Z'),
        deployed('d3', '2001-01-01T00:00:00Z'),
      ],
      { source: '/ci' },
    );
    expect(accepted).toBe(2);
    expect(quarantined).toMatchObject([
      { index: 1, reason: expect.stringMatching(/^time: 2026-07-01T12:00:01/) },
    ]);
    expect(await intake.replay()).toEqual({ accepted: 0, remaining: 1 });
    expect((await quarantine.list(10)).items).toMatchObject([{ tries: 2 }]);
    now = new Date('2026-06-30T12:00:01Z');
    expect(await intake.replay()).toEqual({ accepted: 1, remaining: 0 });
  });

  it('takes a commit that is dated in the future as of now, once, whoever reads it when', async () => {
    let now = new Date('2026-06-30T12:00:00Z');
    const { intake } = ledgerOn(db, { now: () => now });
    const ahead = committed('c1', '2031-01-01T00:00:00Z');
    const take = (options = {}) =>
      intake.take([ahead], { source: '/git', ...options });
    expect(await take({ service: CART })).toMatchObject({ accepted: 1 });
    now = new Date('2026-07-03T12:00:00Z');
    expect(await take({ service: CART })).toEqual({
      ...{ accepted: 0, duplicates: 1, quarantined: [] },
    });
    expect(await take()).toMatchObject({ duplicates: 1 });
    expect(await db('ledger').select('time')).toEqual([
      { time: '2026-06-30T12:00:00.000Z' },
    ]);
    // Another content is another content still.
    const { quarantined } = await intake.take(
      [{ ...ahead, data: { ...ahead.data, title: 'Another' } }],
      { source: '/git' },
    );
    expect(quarantined).toHaveLength(1);
  });

  it('shows what was dismissed no more, forgets what came, and does not ask again', async () => {
    const { intake, quarantine } = ledgerOn(db);
    const bad = { source: '/ci', password: 'hunter2' };
    await intake.take([bad, { source: '/other' }], { source: '/ci' });
    const { items } = await quarantine.list(10);
    const [one] = items.filter(({ source }) => source === '/ci');
    const at = { reason: 'A test of ours', now: '2026-06-30T12:00:00.000Z' };
    await quarantine.dismiss([one.id], at);
    await intake.take([bad], { source: '/ci' });
    expect(await quarantine.count()).toBe(1);
    expect((await quarantine.list(10)).items).toMatchObject([
      { source: '/other' },
    ]);
    expect(await intake.replay()).toEqual({ accepted: 0, remaining: 1 });
    expect(JSON.stringify(await db('quarantine'))).not.toContain('hunter2');
    await expect(quarantine.dismiss([one.id], at)).rejects.toThrow(
      /no event .* in the quarantine/,
    );
  });

  it('tries an event of a source of ours again as the event that it was made', async () => {
    let now = new Date('2026-06-30T12:00:00Z');
    const { intake } = ledgerOn(db, { now: () => now });
    intake.addTranslator('/pagerduty', async () => ({
      reason: 'it is no delivery',
    }));
    const { quarantined } = await intake.take(
      [{ ...deployed('d1', '2026-08-01T00:00:00Z'), source: '/pagerduty' }],
      { source: '/pagerduty' },
    );
    expect(quarantined).toHaveLength(1);
    now = new Date('2026-08-01T00:00:00Z');
    expect(await intake.replay()).toEqual({ accepted: 1, remaining: 0 });
  });

  it('tries the quarantine again, and takes out what is good by now', async () => {
    const { intake, quarantine } = ledgerOn(db);
    const good = deployed('d1', '2026-06-01T12:00:00Z');
    await quarantine.add(
      [
        { source: '/ci', reason: 'not known then', payload: good },
        { source: '/ci', reason: 'broken', payload: 'text' },
      ],
      '2026-06-01T12:00:00.000Z',
    );
    expect(await intake.replay()).toEqual({ accepted: 1, remaining: 1 });
    const { items } = await quarantine.list(10);
    expect(items).toMatchObject([{ tries: 2, payload: '"text"' }]);
    await expect(intake.replay([crypto.randomUUID()])).rejects.toThrow(
      /no event .* in the quarantine/,
    );
  });

  it('takes the example history out again, and nothing else', async () => {
    const { intake, compute, ledger } = ledgerOn(db);
    await intake.take([deployed('d1', '2026-06-01T12:00:00Z')], {
      source: '/ci',
    });
    await compute();
    const before = await allFacts(db);
    await intake.take(
      [
        deployed('x1', '2026-06-01T12:00:00Z'),
        deployed('x2', '2026-06-01T12:00:00Z', { service: STOCK }),
      ],
      { source: '/example', example: true },
    );
    await compute();
    expect((await allFacts(db)).deployment_facts).toHaveLength(3);
    expect(await ledger.removeExample()).toBe(2);
    await compute();
    expect(await allFacts(db)).toEqual(before);
  });

  it('keeps texts that a database does not take where they can be seen, with the others that came', async () => {
    const { intake, compute, quarantine } = ledgerOn(db);
    const good = incident('i1', 'detected', '2026-06-01T12:00:00Z');
    const bad = { ...good, id: 'b\0', data: { ...good.data, incident: 'i2' } };
    const told = [
      ...[good, bad, { ...good, id: 'c', type: 'odd \0 \ud83d' }],
      { ...good, id: 'd', data: { ...good.data, title: 'half \ud83d' } },
    ];
    const { accepted, quarantined } = await intake.take(told, {
      source: '/ci',
    });
    expect(accepted).toBe(1);
    expect(quarantined.map(one => one.reason)).toEqual([
      expect.stringMatching(/^id: leave out the character NUL/),
      expect.stringMatching(/^type: nothing is known of events of type/),
      expect.stringMatching(/^data\.title: leave out .* halves of characters/),
    ]);
    expect(await intake.replay()).toEqual({ accepted: 0, remaining: 3 });
    // As they came, the last first.
    expect(
      (await quarantine.list(10)).items.map(one => one.reason.slice(0, 5)),
    ).toEqual(['data.', 'type:', 'id: l']);
    await compute();
    expect((await allFacts(db)).incident_facts).toHaveLength(1);
  });

  it('computes what was taken before such texts were refused', async () => {
    const { intake, compute } = ledgerOn(db);
    const one = incident('i1', 'detected', '2026-06-01T12:00:00Z');
    await intake.take([one], { source: '/ci' });
    await db('ledger').update({
      data: JSON.stringify({ ...one.data, title: 'odd \0 \ud83d' }),
    });
    await compute();
    expect(await db('incident_facts').pluck('title')).toEqual([
      'odd \ufffd \ufffd',
    ]);
  });

  it('counts a pull request that is named by one of its commits once, gone on with or computed anew', async () => {
    const { intake, compute, work } = ledgerOn(db);
    const at = (hour: number) =>
      new Date(Date.UTC(2026, 5, 1, hour)).toISOString();
    await intake.take(
      [committed('a', at(0)), deployed('d1', at(1), { commit: sha('a') })],
      { source: '/ci' },
    );
    await compute();
    await intake.take(
      [
        merged(sha('c'), at(4), {
          ...{ mergeCommit: sha('m'), firstCommitAt: at(2) },
        }),
        committed('c', at(3), ['a']),
        committed('m', at(4), ['a', 'c']),
        deployed('d2', at(5), { commit: sha('m') }),
      ],
      { source: '/ci' },
    );
    await compute();
    const facts = await allFacts(db);
    expect(facts.change_facts).toHaveLength(1);
    await work.recompute(at(6));
    await compute();
    expect(await allFacts(db)).toEqual(facts);
  });

  it('computes the others where one service cannot be, tells of it, and tries it again', async () => {
    let now = new Date('2026-06-30T12:00:00Z');
    const onProblem = jest.fn();
    const { intake, compute, work } = ledgerOn(db, {
      ...{ now: () => now, onProblem },
    });
    const told = (id: string, service: string) =>
      deployed(id, '2026-06-01T12:00:00Z', { service });
    await intake.take([told('d1', CART), told('d1', STOCK)], {
      source: '/ci',
    });
    await compute();
    const later = (id: string, service: string) =>
      deployed(id, '2026-06-02T12:00:00Z', { service });
    await intake.take([later('d2', CART), later('d2', STOCK)], {
      source: '/ci',
    });
    const second = () =>
      db('ledger').where({ service: STOCK }).orderBy('seq', 'desc').limit(1);
    const [{ seq, data }] = await second();
    await db('ledger').where({ seq }).update({ data: '{' });
    await compute();
    const known = (service: string) =>
      db('deployment_facts').where({ service }).pluck('deployment');
    expect((await known(CART)).sort()).toEqual(['d1', 'd2']);
    expect(await known(STOCK)).toEqual(['d1']);
    expect(await work.aside()).toEqual([STOCK]);
    expect(await work.pending()).toBe(1);
    expect(onProblem).toHaveBeenLastCalledWith(
      expect.stringContaining(`${STOCK} could not be brought up to date`),
    );
    // It does not keep all from being computed anew either.
    await work.recompute(now.toISOString());
    await compute();
    expect(await work.progress(now.toISOString())).toMatchObject({
      state: 'done',
    });
    await db('ledger').where({ seq }).update({ data });
    await compute();
    expect(await known(STOCK)).toEqual(['d1']);
    now = new Date(now.getTime() + 6 * 3_600_000);
    await compute();
    expect((await known(STOCK)).sort()).toEqual(['d1', 'd2']);
    expect(await work.aside()).toEqual([]);
  });

  it('computes a service anew whose state a replica of another version has written', async () => {
    const { intake, compute } = ledgerOn(db);
    const [first, second] = [1, 2].map(day =>
      deployed(`d${day}`, `2026-06-0${day}T12:00:00Z`),
    );
    await intake.take([first], { source: '/ci' });
    await compute();
    const { state } = await db('service_states').first('state');
    const { earlier, ...older } = JSON.parse(state).environments.production;
    await db('service_states').update({
      state: JSON.stringify({
        ...JSON.parse(state),
        environments: { production: { ...older, before: earlier.tries[0] } },
      }),
    });
    await intake.take([second], { source: '/ci' });
    await compute();
    expect((await allFacts(db)).deployment_facts).toHaveLength(2);
  });

  it('says how far computing anew has come', async () => {
    const { intake, compute, work } = ledgerOn(db);
    await intake.take([deployed('d1', '2026-06-01T12:00:00Z')], {
      source: '/ci',
    });
    await compute();
    const now = '2026-06-30T12:00:00.000Z';
    expect(await work.recompute(now)).toMatchObject({ total: 2, done: 0 });
    expect(await work.progress(now)).toMatchObject({
      ...{ state: 'running', done: 0 },
    });
    await work.noteEnd(now);
    await compute();
    // When it was done, and not when somebody looked.
    const later = '2026-06-30T13:00:00.000Z';
    await work.noteEnd(later);
    expect(await work.progress('2026-07-01T12:00:00.000Z')).toMatchObject({
      ...{ state: 'done', done: 2, endedAt: later },
    });
  });

  it('computes facts that follow rules of before anew by itself, once, and says so', async () => {
    const of = ledgerOn(db);
    await of.intake.take([deployed('d1', '2026-06-01T12:00:00Z')], {
      source: '/ci',
    });
    await of.compute();
    const before = await allFacts(db);
    const now = '2026-06-30T12:00:00.000Z';
    // As a version of before left it: with another outcome of its rules.
    await db('service_facts').update({ rules: 0 });
    await db('deployment_facts').update({ failure: 'hotfix' });
    const next = ledgerOn(db);
    const told: unknown[] = [];
    db.on('query', ({ sql }: { sql: string }) => {
      if (/^insert into .recomputes/.test(sql)) told.push(sql);
    });
    await next.compute();
    expect(await allFacts(db)).toEqual(before);
    expect(await next.work.progress(now)).toMatchObject({
      ...{ state: 'done', total: 2, done: 2, because: 'rules' },
    });
    // The next start finds nothing to do, also while a service cannot be computed.
    await db('service_facts').update({ rules: 0 });
    await db.transaction(transaction => markDirty(transaction, [CART]));
    await ledgerOn(db).compute();
    await ledgerOn(db).compute();
    expect(told).toHaveLength(1);
    // Who asks for it is told of no rules.
    expect(await next.work.recompute(now)).not.toHaveProperty('because');
    expect(await next.work.progress(now)).not.toHaveProperty('because');
  });

  it('brings days together while much more waits to be computed', async () => {
    const { intake, compute } = ledgerOn(db);
    const day = async () =>
      Number(
        (await db('rollups').where({ dimension: 'all' }).first('delivered'))
          ?.delivered ?? 0,
      );
    await intake.take([deployed('d1', '2026-06-01T12:00:00Z')], {
      source: '/ci',
    });
    await compute();
    expect(await day()).toBe(1);
    await intake.take(
      [
        // Of what is told at once, the first by its id is gone on with first.
        { ...deployed('d2', '2026-06-01T13:00:00Z'), id: 'a' },
        ...Array.from({ length: 6_500 }, (_, at) =>
          committed(`c${10_000 + at}`, '2026-06-01T14:00:00Z'),
        ),
      ],
      { source: '/ci' },
    );
    const done: string[] = [];
    db.on('query', ({ sql }: { sql: string }) => {
      if (/^insert into .rollups/.test(sql)) done.push('days');
      if (/^delete from .fresh/.test(sql)) done.push('events');
    });
    await compute();
    expect(await day()).toBe(2);
    const first = done.indexOf('days');
    expect(first).toBeGreaterThan(0);
    expect(done.slice(first)).toContain('events');
  });

  it('computes nothing under a lease that another has taken', async () => {
    const { intake, computer, feeds } = ledgerOn(db);
    await intake.take([deployed('d1', '2026-06-01T12:00:00Z')], {
      source: '/ci',
    });
    await feeds.add('facts');
    const times = {
      now: '2026-06-01T00:00:00.000Z',
      until: '2026-06-01T00:01:00.000Z',
    };
    const first = await feeds.claim('facts', { holder: 'a', ...times });
    const second = await feeds.claim('facts', {
      holder: 'b',
      now: '2026-06-01T00:02:00.000Z',
      until: '2026-06-01T00:03:00.000Z',
    });
    expect(second).toBeDefined();
    await expect(
      computer.run(first!, () => times.until, new AbortController().signal),
    ).rejects.toThrow(LostLeaseError);
    expect((await allFacts(db)).deployment_facts).toEqual([]);
  });
});
