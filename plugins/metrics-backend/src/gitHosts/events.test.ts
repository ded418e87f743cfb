import { z } from 'zod';
import { mergedEvent, ticketEvents } from './events';

const eventSchema = z.object({
  id: z.string(),
  data: z.object({ change: z.string(), reverts: z.array(z.string()) }),
});

const merged = (repository: string, number: number, service = 'cart') =>
  mergedEvent(
    { host: 'gitlab.example.com', repository },
    `component:default/${service}`,
    {
      ...{ number, title: 'A change', body: `Reverts #${number + 1}` },
      ...{ html_url: 'https://gitlab.example.com/x', labels: [] },
      ...{
        created_at: '2026-06-29T00:00:00Z',
        updated_at: '2026-06-30T00:00:00Z',
      },
      ...{ merged_at: '2026-06-30T00:00:00Z', merge_commit_sha: 'c0ffee0' },
    },
    [],
  );
const deep = (name: string) => `${'group/'.repeat(50)}${name}`;

it('are called by their whole repository and their number', () => {
  expect(merged('acme/cart', 12)).toMatchObject({
    id: 'acme/cart#12 component:default/cart',
    data: {
      change: 'gitlab.example.com/acme/cart#12',
      reverts: ['gitlab.example.com/acme/cart#13'],
    },
  });
});

it('are each one by itself, also where groups are nested so deeply that their names together find no room', () => {
  const all = [
    merged(deep('cart'), 12),
    merged(deep('cart'), 13),
    merged(deep('stock'), 12),
    merged(deep('cart'), 12, 'stock'),
  ];
  const read = z.array(eventSchema).parse(all);
  const ids = read.map(one => one.id);
  expect(new Set(ids).size).toBe(4);
  const [first, second, elsewhere, again] = read.map(one => one.data.change);
  expect(new Set([first, second, elsewhere]).size).toBe(3);
  expect(again).toBe(first);
  expect(read[0].data.reverts).toEqual([second]);
  for (const text of [...ids, first, second, elsewhere]) {
    expect(text.length).toBeLessThanOrEqual(255);
    expect(text).toMatch(/#1[23]( |$)/);
  }
});

it('and so are tickets, and each thing that is told of them', () => {
  const told = [12, 13].flatMap(number =>
    ticketEvents(
      { host: 'gitlab.example.com', repository: deep('cart') },
      'component:default/cart',
      {
        ...{ number, html_url: 'https://gitlab.example.com/x', labels: [] },
        ...{
          created_at: '2026-06-29T00:00:00Z',
          updated_at: '2026-06-30T00:00:00Z',
        },
        closed_at: '2026-06-30T00:00:00Z',
      },
    ),
  );
  const ids = told.map(one => ('id' in one ? String(one.id) : ''));
  expect(new Set(ids).size).toBe(4);
  for (const id of ids) expect(id.length).toBeLessThanOrEqual(255);
});
