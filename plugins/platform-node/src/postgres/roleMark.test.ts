import { isStanding, readRoleMark, roleMark, turnMark } from './roleMark';

describe('what a role says whose it is', () => {
  it.each([
    { owner: 'production component:default/cart' },
    { owner: 'uid-1', cluster: 'uid-2' },
  ])('says the same of one that takes turns: %j', of => {
    const turn = { key: 'DATABASE_URL', fence: 1_800_000_000_000 };
    expect(readRoleMark(turnMark(roleMark(of), turn))).toEqual(of);
    expect(readRoleMark(roleMark(of))).toEqual(of);
  });

  it('says nothing where another wrote it, and tells services from environments on demand', () => {
    expect(readRoleMark('made by hand')).toBeUndefined();
    expect(isStanding({ owner: 'production component:default/cart' })).toBe(
      true,
    );
    expect(isStanding({ owner: 'uid-1' })).toBe(false);
  });
});
