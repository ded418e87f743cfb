import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import fc from 'fast-check';
import { Knex } from 'knex';
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { migrate } from '../__testUtils__/ledger';
import { GroupAnswers, LEAST, publish } from './publish';
import { Surveys } from './Surveys';
import { SurveyStore } from './SurveyStore';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

const answers = (group: string, scores: number[]): GroupAnswers => ({
  group,
  counts: Array.from(
    { length: 11 },
    (_, score) => scores.filter(one => one === score).length,
  ),
  asked: 10,
  texts: scores.map(score => `${group} ${score}`),
});

describe('results of a survey', () => {
  it('show groups from five answers, and those of fewer together', () => {
    const result = publish('2026-Q1', [
      answers('a', [10, 10, 9, 8, 0]),
      answers('b', [10, 9, 9]),
      answers('c', [0, 0]),
    ]);
    expect(result.groups).toMatchObject([
      { group: 'a', nps: { n: 5 }, responseRate: 0.5 },
    ]);
    expect(result.groups[0].nps.score).toBeCloseTo(40);
    expect(result.others).toMatchObject({ n: 5 });
    expect(result.total).toMatchObject({ n: 10 });
    expect(result.leftOut).toBe(false);
  });

  it('say how many of all that were asked answered, also where nobody of a group did', () => {
    const groups = [
      answers('a', [10, 10, 9, 8, 0]),
      answers('b', [10, 9, 9]),
      answers('silent', []),
    ];
    // Those of group b are neither among the answers nor among the asked.
    expect(publish('2026-Q1', groups).responseRate).toBeCloseTo(5 / 20);
    const pooled = publish('2026-Q1', [...groups, answers('c', [0, 0])]);
    expect(pooled.responseRate).toBeCloseTo(10 / 40);
    expect(publish('2026-Q1', [])).not.toHaveProperty('responseRate');
  });

  it('leave those of fewer than five together out of the total too', () => {
    const result = publish('2026-Q1', [
      answers('a', [10, 10, 9, 8, 0]),
      answers('b', [10, 9, 9, 1]),
    ]);
    expect(result.total).toEqual(result.groups[0].nps);
    expect(result.leftOut).toBe(true);
    expect(result.texts.join()).not.toContain('b ');
  });

  it('never show anything from which fewer than five can be got by subtraction', () => {
    const group = fc.array(fc.nat({ max: 10 }), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(group, { maxLength: 6 }), groups => {
        const {
          groups: shown,
          others,
          total,
        } = publish(
          '2026-Q1',
          groups.map((scores, at) => answers(`g${at}`, scores)),
        );
        const parts = [
          ...shown.map(one => one.nps),
          ...(others ? [others] : []),
        ];
        for (const part of parts) expect(part.n).toBeGreaterThanOrEqual(LEAST);
        // Whatever is taken from the total, nothing is left that is not shown itself.
        const sum = parts.reduce((all, one) => all + one.n, 0);
        expect(total?.n ?? 0).toBe(sum);
      }),
      { verbose: true },
    );
  });
});

describe.each(databases.eachSupportedId())('surveys, on %s', databaseId => {
  let db: Knex;
  let now: Date;
  beforeEach(async () => {
    db = await databases.init(databaseId);
    await migrate(db);
    now = new Date('2026-02-10T12:00:00Z');
  });
  afterEach(() => db.destroy());

  const people = Array.from({ length: 6 }, (_, at) => `p${at}`);
  const person = (name: string): Entity => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: { name, namespace: 'default' },
    spec: {},
    relations: [{ type: 'memberOf', targetRef: 'group:default/shop' }],
  });
  const surveys = (secret?: string) =>
    new Surveys({
      auth: mockServices.auth(),
      catalog: catalogServiceMock({ entities: people.map(person) }),
      now: () => now,
      store: new SurveyStore(db),
      timeZone: 'UTC',
      ...(secret && { secret }),
    });
  const ask = async (name: string) => surveys().ask(`user:default/${name}`);

  it('ask nobody twice in 90 days, whether they answered or not', async () => {
    expect(await ask('p0')).toMatchObject({ quarter: '2026-Q1' });
    expect(await ask('p0')).toBeUndefined();
    // 90 days are over on the 11th of May; the day would say when it was.
    now = new Date('2026-05-31T12:00:00Z');
    expect(await ask('p0')).toBeUndefined();
    now = new Date('2026-06-01T12:00:00Z');
    expect(await ask('p0')).toMatchObject({ quarter: '2026-Q2' });
  });

  it('ask also who is in no group, and of several groups each in its turn', async () => {
    const among = (pick: number) =>
      new Surveys({
        auth: mockServices.auth(),
        catalog: catalogServiceMock({
          entities: people.map(name => ({
            ...person(name),
            relations: ['a', 'b', 'c'].map(group => ({
              ...{ type: 'memberOf', targetRef: `group:default/${group}` },
            })),
          })),
        }),
        ...{ now: () => now, store: new SurveyStore(db), timeZone: 'UTC' },
        pick: count => {
          expect(count).toBe(3);
          return pick;
        },
      });
    for (const pick of [0, 1, 2]) {
      expect(await among(pick).ask(`user:default/p${pick}`)).toBeDefined();
    }
    const guest = await ask('guest');
    await surveys().answer({ ballot: guest!.ballot, score: 7 });
    const groups = (await new SurveyStore(db).all()).get('2026-Q1') ?? [];
    expect(groups.map(one => [one.group, one.asked, one.counts[7]])).toEqual(
      expect.arrayContaining([
        ['', 1, 1],
        ...['a', 'b', 'c'].map(name => [`group:default/${name}`, 1, 0]),
      ]),
    );
  });

  it('say when the quarter is over where the portal is', async () => {
    const there = new Surveys({
      auth: mockServices.auth(),
      catalog: catalogServiceMock({ entities: people.map(person) }),
      ...{ now: () => now, store: new SurveyStore(db) },
      timeZone: 'America/New_York',
    });
    expect(await there.ask('user:default/p0')).toMatchObject({
      until: '2026-04-01T04:00:00.000Z',
    });
  });

  it('ask nobody twice in a quarter, on whichever of its days they were asked first', async () => {
    now = new Date('2026-07-01T12:00:00Z');
    expect(await ask('p0')).toMatchObject({ quarter: '2026-Q3' });
    now = new Date('2026-09-30T12:00:00Z');
    expect(await ask('p0')).toBeUndefined();
    now = new Date('2026-10-01T12:00:00Z');
    expect(await ask('p0')).toMatchObject({ quarter: '2026-Q4' });
  });

  it('count all that ask and answer at once, each once', async () => {
    const asked = await Promise.all(
      people.flatMap(name => [ask(name), ask(name)]),
    );
    const ballots = asked.flatMap(one => (one ? [one.ballot] : []));
    expect(ballots).toHaveLength(people.length);
    await Promise.allSettled(
      ballots.flatMap((ballot, at) => {
        const answer = { ballot, score: 9, text: `Words ${at}` };
        return [surveys().answer(answer), surveys().answer(answer)];
      }),
    );
    const store = new SurveyStore(db);
    const [group] = (await store.all()).get('2026-Q1') ?? [];
    expect(group).toMatchObject({
      asked: people.length,
      texts: people.map((_, at) => `Words ${at}`),
    });
    expect(group.counts[9]).toBe(people.length);
  });

  it('show nothing of a quarter before it is over, and its answers then', async () => {
    for (const name of people) {
      const survey = await ask(name);
      await surveys().answer({
        ...{ ballot: survey!.ballot, score: 9, text: `Fine, says ${name}` },
      });
    }
    expect(await surveys().results()).toEqual([]);
    now = new Date('2026-04-01T00:00:00Z');
    const [result] = await surveys().results();
    expect(result.groups).toMatchObject([
      {
        group: 'group:default/shop',
        nps: { score: 100, n: 6 },
        responseRate: 1,
      },
    ]);
    expect(result.texts).toHaveLength(6);
  });

  it('take a ballot once, in its quarter, and none that was made elsewhere', async () => {
    const { ballot } = (await ask('p0'))!;
    await surveys().answer({ ballot, score: 3 });
    await expect(surveys().answer({ ballot, score: 3 })).rejects.toThrow(
      'answered already',
    );
    const other = (await ask('p1'))!;
    await expect(
      surveys().answer({ ballot: `${other.ballot}x`, score: 3 }),
    ).rejects.toThrow('ballot');
    now = new Date('2026-04-01T00:00:00Z');
    await expect(
      surveys().answer({ ballot: other.ballot, score: 3 }),
    ).rejects.toThrow('is over');
  });

  it('keep nothing that ties an answer to a person, an address or a time', async () => {
    const { ballot } = (await ask('p0'))!;
    await surveys().answer({ ballot, score: 3, text: 'Too slow' });
    const kept: Record<string, object[]> = {};
    for (const table of ['survey_asked', 'survey_spent', 'survey_groups']) {
      kept[table] = await db(table);
    }
    const columns = Object.fromEntries(
      Object.entries(kept).map(([table, rows]) => [
        table,
        Object.keys(rows[0]).sort(),
      ]),
    );
    expect(columns).toEqual({
      survey_asked: ['again_on', 'people'],
      survey_spent: ['ballots', 'id'],
      survey_groups: ['asked', 'counts', 'group', 'quarter', 'texts'],
    });
    // The positive control: who was asked is known, apart from what was answered.
    expect(kept.survey_asked).toHaveLength(1);
    expect(JSON.stringify(kept)).not.toContain('p0');
    expect(JSON.stringify(kept)).not.toContain(ballot.split('.')[0]);
  });

  it('keep all who were asked, all ballots and all answers of a group in one row each, in an order that says nothing', async () => {
    for (const name of people) {
      const survey = await ask(name);
      await surveys().answer({ ballot: survey!.ballot, score: 9, text: name });
    }
    const [asked, ...noOther] = await db('survey_asked');
    const [spent, ...noMore] = await db('survey_spent');
    const groups = await db('survey_groups');
    expect([noOther, noMore, groups.slice(1)]).toEqual([[], [], []]);
    const digests: string[] = JSON.parse(asked.people);
    const ballots: string[] = JSON.parse(spent.ballots)['2026-Q1'];
    for (const list of [digests, ballots]) {
      expect(list).toHaveLength(people.length);
      expect(list).toEqual([...list].sort());
    }
  });

  it('know who was asked by a digest that nobody makes without the secret of the portal', async () => {
    const asked = async () => (await db('survey_asked').first()).people;
    const own = surveys('a secret that is not in the database');
    await own.ask('user:default/p0');
    const plain = createHash('sha256').update('user:default/p0').digest('hex');
    const { key } = await db('survey_keys').first();
    // Whoever reads the database has its key, and the names of all people.
    const guess = (secret: string) =>
      createHmac(
        'sha256',
        Buffer.from(
          hkdfSync('sha256', secret, '', 'metrics: who was asked', 32),
        ),
      )
        .update(plain)
        .digest('base64url');
    expect(await asked()).not.toContain(guess(key));
    // The positive control: this is how it is made.
    expect(await asked()).toContain(
      guess('a secret that is not in the database'),
    );
    expect(await asked()).not.toContain(plain);
    // Another secret makes another digest; the same one knows who it was.
    expect(
      await surveys('another secret').ask('user:default/p0'),
    ).toBeDefined();
    expect(
      await surveys('a secret that is not in the database').ask(
        'user:default/p0',
      ),
    ).toBeUndefined();
  });

  it('go on from what an older plugin kept, and keep it as they do now', async () => {
    const directory = resolvePackagePath(
      '@highroad/plugin-metrics-backend',
      'migrations',
    );
    for (;;) {
      const [done] = await db.migrate.list({ directory });
      const names: string[] = done.map((one: { name: string }) => one.name);
      if (!names.some(name => name.includes('survey_rows'))) break;
      await db.migrate.down({ directory });
    }
    const place = { quarter: '2026-Q1', group: 'group:default/shop' };
    const plain = createHash('sha256').update('user:default/p0').digest('hex');
    await db('survey_asked').insert({ person: plain, again_on: '2026-04-20' });
    await db('survey_asked_counts').insert({ ...place, n: 2 });
    await db('survey_counts').insert([
      { ...place, score: 3, n: 1 },
      { ...place, score: 10, n: 1 },
    ]);
    await db('survey_texts').insert({ ...place, texts: '["Too slow"]' });
    await db('survey_spent').insert({ ballot: 'used' });
    await migrate(db);
    await surveys('a secret').start();
    expect(await db('survey_asked_plain')).toEqual([]);
    expect(await db('survey_asked')).toEqual([
      { again_on: '2026-05-01', people: expect.not.stringContaining(plain) },
    ]);
    expect(await surveys('a secret').ask('user:default/p0')).toBeUndefined();
    const store = new SurveyStore(db);
    const answer = { ...place, score: 3 };
    expect(await store.answer('used', answer)).toBe(false);
    expect(await store.answer('another', answer)).toBe(true);
    expect((await store.all()).get('2026-Q1')).toEqual([
      {
        ...{ group: place.group, asked: 2, texts: ['Too slow'] },
        counts: [0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1],
      },
    ]);
  });
});
