import { pageOf } from './pageOf';

const one = (uid: string, second: number) => ({
  uid,
  createdAt: new Date(Date.UTC(2026, 0, 1, 12, 0, second)),
});
const all = [one('a', 1), one('b', 3), one('c', 3), one('d', 2)];
const uids = (page: { items: Array<{ uid: string }> }) =>
  page.items.map(({ uid }) => uid);

describe('a list of environments', () => {
  it('is whole and newest first where nobody asks for less', () => {
    const page = pageOf(all, {});
    expect(uids(page)).toEqual(['c', 'b', 'd', 'a']);
    expect(page.next).toBeUndefined();
  });

  it('goes on where it stopped, with each once, also where one has gone or come meanwhile', () => {
    const first = pageOf(all, { limit: 2 });
    expect(uids(first)).toEqual(['c', 'b']);
    const meanwhile = [...all.filter(({ uid }) => uid !== 'b'), one('e', 9)];
    const second = pageOf(meanwhile, { limit: 2, before: first.next });
    expect(uids(second)).toEqual(['d', 'a']);
    expect(second.next).toBeUndefined();
  });
});
