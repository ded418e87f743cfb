import {
  ago,
  deployment,
  environment,
  idOf,
} from '../__testUtils__/deployments';
import { columnsOf, rowsOf, troublesOf } from './board';

const at = (service: string, where = 'staging') => ({
  service: `component:default/${service}`,
  environment: where,
});

describe('what is told first', () => {
  it('is what failed, then what goes on, then what was put back; each newest first', () => {
    const troubles = troublesOf([
      { ...at('well'), running: deployment() },
      {
        ...at('back'),
        running: deployment({ kind: 'rollback', door: 'system' }),
      },
      { ...at('going'), latest: deployment({ state: 'shifting' }) },
      {
        ...at('long-failed'),
        latest: deployment({ state: 'failed', requestedAt: ago(9_000) }),
      },
      { ...at('failed'), latest: deployment({ state: 'failed' }) },
      { ...at('cancelled'), latest: deployment({ state: 'cancelled' }) },
      { ...at('asked-back'), running: deployment({ kind: 'rollback' }) },
    ]);
    expect(
      troubles.map(({ kind, place }) => [kind, place.service.split('/')[1]]),
    ).toEqual([
      ['failed', 'failed'],
      ['failed', 'long-failed'],
      ['active', 'going'],
      ['back', 'back'],
    ]);
  });
});

describe('the matrix', () => {
  it('has a row a service by name, and a column an environment in the order of the configuration', () => {
    const places = [
      { ...at('stock'), running: deployment({ id: idOf(1) }) },
      { ...at('cart', 'production'), running: deployment({ id: idOf(2) }) },
      { ...at('cart', 'gone'), running: deployment({ id: idOf(3) }) },
    ];
    const rows = rowsOf(places);
    expect(rows.map(({ name }) => name)).toEqual(['cart', 'stock']);
    expect([...rows[0].places.keys()]).toEqual(['production', 'gone']);
    expect(
      columnsOf([environment('staging'), environment('production')], places),
    ).toEqual(['staging', 'production', 'gone']);
  });
});
