import { nearestNames } from './nearestNames';

const names = ['payment-service', 'payments-db', 'user-service', 'cart'];

describe('nearestNames', () => {
  it('finds what a slip of the finger meant', () => {
    expect(nearestNames('paymnet-service', names)).toEqual(['payment-service']);
    expect(nearestNames('CART', names)).toEqual(['cart']);
  });

  it('finds names that contain the word, nearest first', () => {
    expect(nearestNames('payment', names)).toEqual([
      'payments-db',
      'payment-service',
    ]);
  });

  it('offers nothing that is far, and nothing for no word or an endless one', () => {
    expect(nearestNames('zebra', names)).toEqual([]);
    expect(nearestNames('', names)).toEqual([]);
    expect(nearestNames('x'.repeat(10_000), names)).toEqual([]);
  });
});
