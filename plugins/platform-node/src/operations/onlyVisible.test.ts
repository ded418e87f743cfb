import { onlyVisible } from './onlyVisible';

const items = [
  { id: 1, service: 'component:default/cart' },
  { id: 2, service: 'component:default/shop' },
  { id: 3, service: 'component:default/cart' },
  { id: 4, service: '' },
];
const referenceOf = ({ service }: { service: string }) => service;

describe('a list that is filtered', () => {
  it('is whole for who may see all, without looking what it is about', async () => {
    const visible = async () => undefined;
    expect(await onlyVisible(items, { referenceOf, visible })).toBe(items);
  });

  it('keeps its order, asks once for each thing, and leaves out what belongs to nothing', async () => {
    let asked: string[] = [];
    const shown = await onlyVisible(items, {
      referenceOf,
      visible: async references => {
        asked = await references();
        return ['component:default/cart'];
      },
    });
    expect(shown.map(({ id }) => id)).toEqual([1, 3]);
    expect(asked).toEqual(['component:default/cart', 'component:default/shop']);
  });
});
