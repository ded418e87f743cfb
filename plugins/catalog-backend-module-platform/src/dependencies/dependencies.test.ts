import fc from 'fast-check';
import { ask, Fact, full, graph } from '../__testUtils__/graph';

const names = (items: { ref: string }[]) =>
  items.map(({ ref }) => ref.replace('component:default/', ''));

describe('what depends on what', () => {
  it('finds direct and indirect dependents, nearest first, each with the way there', async () => {
    const { answer } = await ask(
      graph([
        ['web', 'dependsOn', 'cart'],
        ['cart', 'dependsOn', 'users'],
        ['orders', 'dependsOn', 'users'],
      ]),
      'users',
    );
    expect(answer.items.map(({ ref, depth }) => [ref, depth])).toEqual([
      [full('cart'), 1],
      [full('orders'), 1],
      [full('web'), 2],
    ]);
    expect(answer.items[2].path).toEqual([
      { ref: full('cart'), relation: 'dependencyOf' },
      { ref: full('web'), relation: 'dependencyOf' },
    ]);
    expect(answer.cycle).toBeUndefined();
  });

  it('follows an API from whoever provides it to whoever consumes it, and back', async () => {
    const entities = graph([
      ['payments', 'providesApi', 'api:default/payments'],
      ['orders', 'consumesApi', 'api:default/payments'],
    ]);
    const { answer } = await ask(entities, 'payments');
    expect(names(answer.items)).toEqual(['api:default/payments', 'orders']);
    const back = await ask(entities, 'orders', { direction: 'dependencies' });
    expect(names(back.answer.items)).toEqual([
      'api:default/payments',
      'payments',
    ]);
  });

  it('counts every shortest way through a diamond and shows the first by name', async () => {
    const { answer } = await ask(
      graph([
        ['left', 'dependsOn', 'base'],
        ['right', 'dependsOn', 'base'],
        ['top', 'dependsOn', 'left'],
        ['top', 'dependsOn', 'right'],
      ]),
      'base',
    );
    const top = answer.items.find(item => item.ref === full('top'));
    expect(top).toMatchObject({ depth: 2, pathCount: 2 });
    expect(names(top?.path ?? [])).toEqual(['left', 'top']);
    expect(answer.edges).toHaveLength(4);
  });

  it('ends in a cycle and shows the shortest way back', async () => {
    const { answer } = await ask(
      graph([
        ['b', 'dependsOn', 'a'],
        ['z', 'dependsOn', 'b'],
        ['a', 'dependsOn', 'z'],
        ['c', 'dependsOn', 'z'],
        ['a', 'dependsOn', 'c'],
      ]),
      'a',
    );
    expect(names(answer.items)).toEqual(['b', 'z', 'c']);
    expect(names(answer.cycle ?? [])).toEqual(['b', 'z', 'a']);
  });

  it('reports something that depends on itself as a cycle and not as a dependent', async () => {
    const { answer } = await ask(graph([['a', 'dependsOn', 'a']]), 'a');
    expect(answer.items).toEqual([]);
    expect(names(answer.cycle ?? [])).toEqual(['a']);
  });

  it('stops at the depth asked for and says whether anything lies beyond', async () => {
    const chain = graph([
      ['b', 'dependsOn', 'a'],
      ['c', 'dependsOn', 'b'],
    ]);
    const one = await ask(chain, 'a', { depth: 1 });
    expect(names(one.answer.items)).toEqual(['b']);
    expect(one.answer.deeper).toBe(true);
    const two = await ask(chain, 'a', { depth: 2 });
    expect(two.answer.deeper).toBe(false);
  });

  it('lists only the lifecycles asked for, and keeps what lies on the way as passed', async () => {
    const entities = graph(
      [
        ['trial', 'dependsOn', 'base'],
        ['shop', 'dependsOn', 'trial'],
        ['toy', 'dependsOn', 'base'],
      ],
      { lifecycle: { trial: 'experimental', toy: 'experimental' } },
    );
    const { answer } = await ask(entities, 'base', {
      lifecycle: ['production'],
    });
    expect(names(answer.items)).toEqual(['shop']);
    expect(names(answer.passed)).toEqual(['trial']);
    expect(answer.lifecycles).toEqual([
      { lifecycle: 'experimental', count: 2 },
      { lifecycle: 'production', count: 1 },
    ]);
  });

  it('asks about a system through its parts', async () => {
    const entities = graph([
      ['system:default/billing', 'partOf', 'domain:default/money'],
      ['payments', 'partOf', 'system:default/billing'],
      ['orders', 'dependsOn', 'payments'],
      ['payments', 'dependsOn', 'resource:default/db'],
    ]);
    const { answer } = await ask(entities, 'domain:default/money');
    expect(names(answer.items)).toEqual([
      'system:default/billing',
      'payments',
      'orders',
    ]);
    const needs = await ask(entities, 'system:default/billing', {
      direction: 'dependencies',
    });
    expect(names(needs.answer.items)).toEqual([
      'payments',
      'resource:default/db',
    ]);
  });

  it('does not count the system of a thing, nor its neighbours there, as broken with it', async () => {
    const { answer } = await ask(
      graph([
        ['payments', 'partOf', 'system:default/billing'],
        ['ledger', 'partOf', 'system:default/billing'],
      ]),
      'payments',
    );
    expect(answer.items).toEqual([]);
    expect(answer.passed).toEqual([]);
    expect(answer.deeper).toBe(false);
  });

  it('counts what depends on a whole system when a part of it breaks', async () => {
    const { answer } = await ask(
      graph([
        ['payments', 'partOf', 'system:default/billing'],
        ['reports', 'dependsOn', 'system:default/billing'],
      ]),
      'payments',
    );
    expect(names(answer.items)).toEqual(['reports']);
    expect(names(answer.passed)).toEqual(['system:default/billing']);
  });

  it('names what a visible file names, whether it is missing or hidden', async () => {
    const entities = graph(
      [
        ['a', 'dependsOn', 'missing'],
        ['a', 'dependsOn', 'b'],
      ],
      { hidden: ['missing'] },
    );
    const { answer } = await ask(entities, 'a', { direction: 'dependencies' });
    expect(names(answer.items)).toEqual(['b']);
    expect(answer.unresolved).toEqual([
      { ref: full('missing'), from: full('a'), field: 'spec.dependsOn' },
    ]);
  });

  it('says nothing of hidden dependents, nor of what is only reached through them', async () => {
    const facts: Fact[] = [
      ['secret', 'dependsOn', 'a'],
      ['beyond', 'dependsOn', 'secret'],
      ['open', 'dependsOn', 'a'],
    ];
    const everything = await ask(graph(facts), 'a');
    expect(names(everything.answer.items)).toEqual([
      'open',
      'secret',
      'beyond',
    ]);
    const { answer } = await ask(graph(facts, { hidden: ['secret'] }), 'a', {
      depth: 1,
    });
    expect(names(answer.items)).toEqual(['open']);
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(JSON.stringify(answer)).not.toContain('beyond');
    expect(answer.deeper).toBe(false);
  });

  it('gives up on the rest, and says so, when there is too much', async () => {
    const facts = Array.from(
      { length: 20 },
      (_, i): Fact => [`c${i}`, 'dependsOn', 'a'],
    );
    const { answer } = await ask(graph(facts), 'a', { maxEntities: 5 });
    expect(answer.items).toHaveLength(5);
    expect(answer.truncated).toBe(true);
  });

  it('looks up one batch for each step away, and nothing twice', async () => {
    const facts: Fact[] = [];
    for (let level = 1; level <= 4; level++) {
      for (let i = 0; i < 10; i++) {
        for (let j = 0; j < 10; j++) {
          facts.push([
            `n${level}-${i}`,
            'dependsOn',
            level === 1 ? 'a' : `n${level - 1}-${j}`,
          ]);
        }
      }
    }
    const { lookups, answer } = await ask(graph(facts), 'a', { depth: 4 });
    expect(lookups.slice(0, 4).map(refs => refs.length)).toEqual([
      10, 10, 10, 10,
    ]);
    expect(new Set(lookups.flat()).size).toBe(lookups.flat().length);
    expect(answer.items.at(-1)?.pathCount).toBe(1000);
  });

  const anyFacts = fc
    .array(
      fc.tuple(
        fc.integer({ min: 0, max: 11 }),
        fc.integer({ min: 0, max: 11 }),
      ),
      {
        maxLength: 40,
      },
    )
    .map(pairs =>
      pairs.map(([from, to]): Fact => [`n${from}`, 'dependsOn', `n${to}`]),
    );

  /** Shortest distances by relaxing every fact until nothing changes. */
  function distances(facts: Fact[], start: string): Map<string, number> {
    const known = new Map([[full(start), 0]]);
    for (let changed = true; changed; ) {
      changed = false;
      for (const [from, , to] of facts) {
        const through = (known.get(full(to)) ?? Infinity) + 1;
        if (through < (known.get(full(from)) ?? Infinity)) {
          known.set(full(from), through);
          changed = true;
        }
      }
    }
    known.delete(full(start));
    return known;
  }

  it('finds exactly what can be reached, at its true distance, in any graph', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyFacts,
        fc.integer({ min: 1, max: 6 }),
        async (facts, depth) => {
          const all: Fact[] = [...facts, ['leaf', 'dependsOn', 'n0']];
          const { answer } = await ask(graph(all), 'n0', { depth });
          const expected = [...distances(all, 'n0')].filter(
            ([, far]) => far <= depth,
          );
          expect(
            new Map(answer.items.map(item => [item.ref, item.depth])),
          ).toEqual(new Map(expected));
          expect(answer.deeper).toBe(
            distances(all, 'n0').size > expected.length,
          );
          for (const item of answer.items) {
            expect(item.path).toHaveLength(item.depth);
            expect(item.path.at(-1)?.ref).toBe(item.ref);
            const way = [full('n0'), ...item.path.map(step => step.ref)];
            way.slice(1).forEach((ref, i) => {
              expect(answer.edges).toContainEqual({
                from: way[i],
                to: ref,
                relation: 'dependencyOf',
              });
            });
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('finds a among what b needs exactly when b is among what depends on a', async () => {
    await fc.assert(
      fc.asyncProperty(anyFacts, async facts => {
        const entities = graph([
          ...facts,
          ['n1', 'dependsOn', 'n0'],
          ['n11', 'dependsOn', 'n10'],
        ]);
        const dependents = await ask(entities, 'n0');
        for (const item of dependents.answer.items) {
          const back = await ask(entities, item.ref, {
            direction: 'dependencies',
          });
          expect(back.answer.items).toContainEqual(
            expect.objectContaining({
              ref: full('n0'),
              depth: item.depth,
              pathCount: item.pathCount,
            }),
          );
        }
      }),
      { numRuns: 50 },
    );
  });

  it('never mentions a hidden thing that no visible file names, in any graph', async () => {
    await fc.assert(
      fc.asyncProperty(anyFacts, async facts => {
        // n11 is hidden; drop the facts by which visible files would name it.
        const allowed = facts.filter(
          ([from, , to]) => to !== 'n11' || from === 'n11',
        );
        const all: Fact[] = [...allowed, ['n11', 'dependsOn', 'n0']];
        const seen = await ask(graph(all), 'n0');
        expect(names(seen.answer.items)).toContain('n11');
        const { answer } = await ask(graph(all, { hidden: ['n11'] }), 'n0');
        expect(JSON.stringify(answer)).not.toContain('n11');
      }),
      { numRuns: 100 },
    );
  });
});
