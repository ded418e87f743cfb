import { auditOperations } from './auditOperations';

const { input } = auditOperations.search;

describe('what records are searched by', () => {
  it('is refused with its field where no database has such a thing', () => {
    for (const [field, value] of [
      ['service', 'component:default/\0'],
      ['actor', '\0'],
      ['environment', 'a\0b'],
      ['before', 1e20],
    ]) {
      const { error } = input.safeParse({ [field]: value });
      expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([field]);
    }
  });

  it('may hold anything else', () => {
    const filter = { actor: `Zoë 日本 ' or 1=1 --`, before: 2 ** 52 };
    expect(input.parse(filter)).toMatchObject(filter);
  });
});
