import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import fc from 'fast-check';
import { Knex } from 'knex';
import { migrate } from '../__testUtils__/ledger';
import { GroupAnswers, LEAST, publish } from './publish';
import { Surveys } from './Surveys';
import { SurveyStore } from './SurveyStore';

jest.setTimeout(120_000);

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
  const surveys = () =>
    new Surveys({
      auth: mockServices.auth(),
      catalog: catalogServiceMock({ entities: people.map(person) }),
      now: () => now,
      store: new SurveyStore(db),
      timeZone: 'UTC',
    });
  const ask = async (name: string) => surveys().ask(`user:default/${name}`);

  it('ask nobody twice in 90 days, whether they answered or not', async () => {
    expect(await ask('p0')).toMatchObject({ quarter: '2026-Q1' });
    expect(await ask('p0')).toBeUndefined();
    now = new Date('2026-05-10T12:00:00Z');
    expect(await ask('p0')).toBeUndefined();
    now = new Date('2026-05-11T12:00:00Z');
    expect(await ask('p0')).toMatchObject({ quarter: '2026-Q2' });
    expect(await ask('guest')).toBeUndefined();
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
    for (const table of [
      'survey_asked',
      'survey_asked_counts',
      'survey_spent',
      'survey_counts',
      'survey_texts',
    ]) {
      kept[table] = await db(table);
    }
    const columns = Object.fromEntries(
      Object.entries(kept).map(([table, rows]) => [
        table,
        Object.keys(rows[0]).sort(),
      ]),
    );
    expect(columns).toEqual({
      survey_asked: ['again_on', 'person'],
      survey_asked_counts: ['group', 'n', 'quarter'],
      survey_spent: ['ballot'],
      survey_counts: ['group', 'n', 'quarter', 'score'],
      survey_texts: ['group', 'quarter', 'texts'],
    });
    // The positive control: who was asked is known, apart from what was answered.
    expect(kept.survey_asked).toHaveLength(1);
    expect(JSON.stringify(kept)).not.toContain('p0');
    expect(JSON.stringify(kept)).not.toContain(ballot.split('.')[0]);
  });
});
