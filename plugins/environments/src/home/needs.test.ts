import { environment } from '../__testUtils__/environments';
import { needOf } from './needs';

describe('what environments ask of an owner', () => {
  it('is nothing where all is well, is being made, or ends anyway', () => {
    expect(needOf(environment())).toBeUndefined();
    expect(needOf(environment({ phase: 'provisioning' }))).toBeUndefined();
    const ending = environment({ phase: 'deleting', warnings: ['It ends.'] });
    expect(needOf(ending)).toBeUndefined();
  });

  it('is to see why one is not as it should be', () => {
    const failed = environment({
      ...{ phase: 'failed', message: 'The seed failed at line 12.' },
      warnings: ['It ends within a day.'],
    });
    expect(needOf(failed)).toEqual({
      key: 'environment:environments/cart-try',
      title: 'cart-try',
      why: 'The seed failed at line 12.',
      action: {
        label: 'See why',
        to: '/environments/cart-try?home=environments',
      },
    });
  });

  it('is to extend one that ends soon, or let it go', () => {
    expect(
      needOf(environment({ warnings: ['It ends within a day.'] })),
    ).toMatchObject({
      ...{ why: 'It ends within a day.' },
      action: { label: 'Extend or end it' },
    });
  });
});
