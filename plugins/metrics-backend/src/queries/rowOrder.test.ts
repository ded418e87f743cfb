import { inOrder, RowOrder } from './rowOrder';

const values = new Map([
  ['b', 2],
  ['c', 10],
  ['d', 2],
]);

it.each<[RowOrder['sort'], RowOrder['order'], string]>([
  ['name', 'asc', 'abcde'],
  ['name', 'desc', 'edcba'],
  ['frequency', 'asc', 'bdcae'],
  ['frequency', 'desc', 'cbdae'],
])('sorts by %s, %s', (sort, order, sorted) => {
  const found = inOrder(
    ['c', 'e', 'b', 'd', 'a'],
    { sort, order },
    () => ref => values.get(ref),
  );
  expect(found.join('')).toBe(sorted);
});
