import { column } from './columns';

it('reads what either database has', () => {
  expect([true, false, 1, 0].map(column.flag)).toEqual([
    ...[true, false, true, false],
  ]);
  expect(['12', 12].map(column.number)).toEqual([12, 12]);
  expect([null, 'a'].map(column.textOrNone)).toEqual([undefined, 'a']);
  expect([null, '3'].map(column.numberOrNone)).toEqual([undefined, 3]);
  expect(
    // eslint-disable-next-line no-script-url
    [null, 'https://ci/1', 'javascript:alert(1)'].map(column.addressOrNone),
  ).toEqual([undefined, 'https://ci/1', undefined]);
  expect(column.oneOf(['a', 'b'], 'b')).toBe('b');
  expect(column.oneOfOrNone(['a'], null)).toBeUndefined();
});

it.each<[string, () => unknown]>([
  ['text', () => column.text(1)],
  ['a number', () => column.number('many')],
  ['a flag', () => column.flag(null)],
  ['one of a list', () => column.oneOf(['a'], 'c')],
])('takes nothing else for %s', (_, read) => {
  expect(read).toThrow(TypeError);
});
