import { renderHook } from '@testing-library/react';
import { ReactNode } from 'react';
import { MemoryRouter } from 'react-router-dom';
import { useRecordFilter } from './useRecordFilter';

function lookAt(search: string, service?: string) {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <MemoryRouter initialEntries={[`/${search}`]}>{children}</MemoryRouter>
  );
  return renderHook(() => useRecordFilter({ service }), { wrapper }).result
    .current;
}
const filterAt = (search: string, service?: string) =>
  lookAt(search, service).filter;

describe('the filter in the address', () => {
  it('asks for nothing where something makes no sense, and says what', () => {
    const long = 'x'.repeat(301);
    const search = `?service=cart&door=window&outcome=failed&event=${long}`;
    const { filter, wrong } = lookAt(`${search}&range=year`);
    expect(filter).toBeUndefined();
    expect(wrong).toEqual({
      door: '“window” is none of these',
      event: 'Too long',
      range: '“year” is none of these',
    });
    expect(lookAt('?service=cart&outcome=failed')).toMatchObject({
      filter: { service: 'component:default/cart', outcome: 'failed' },
      wrong: {},
    });
  });

  it('takes names as the command line does', () => {
    expect(filterAt('?actor=Jonas.Lind&service=team-a/Cart')).toEqual({
      actor: 'user:default/jonas.lind',
      service: 'component:team-a/cart',
    });
    expect(filterAt('?actor=token:CI-cart')).toEqual({ actor: 'CI-cart' });
  });

  it('takes a key where the service is known, of the page or of the address', () => {
    expect(filterAt('?service=cart&key=API_KEY')).toEqual({
      ...{ service: 'component:default/cart', key: 'API_KEY' },
    });
    const cart = 'component:default/cart';
    expect(filterAt('?key=API_KEY', cart)).toEqual({
      ...{ service: cart, key: 'API_KEY' },
    });
    expect(lookAt('?key=API_KEY')).toMatchObject({
      ...{ filter: undefined, wrong: { key: 'Name the service too' } },
    });
    expect(lookAt('?service=cart&key=a%20b').wrong).toEqual({
      key: '“a b” is none of these',
    });
  });

  it('holds from when until when, in UTC', () => {
    const [since, until] = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00Z'];
    expect(filterAt(`?from=${since}&until=${until}&range=day`)).toEqual({
      ...{ since, until: '2026-02-01T00:00:00.000Z' },
    });
    expect(filterAt(`?until=${since}`)).toEqual({ until: since });
    expect(filterAt('?range=between')).toEqual({});
  });

  it.each([
    ['2026-11-28', '2026-11-28T00:00:00.000Z'],
    ['2026-11-28T10:00', '2026-11-28T10:00:00.000Z'],
    ['2026-11-28+10:00:30.5', '2026-11-28T10:00:30.500Z'],
    ['2026-11-28T10:00%2B01:00', '2026-11-28T09:00:00.000Z'],
    ['2026-11-28T10:00-0130', '2026-11-28T11:30:00.000Z'],
  ])('understands a time that is written as %s', (written, utc) => {
    expect(filterAt(`?from=${written}`)).toEqual({ since: utc });
    expect(filterAt(`?until=${written}`)).toEqual({ until: utc });
  });

  it.each([
    ...['yesterday', '2026-02-30', '2026-11-28T25:00', '28.11.2026', '1'],
    '9999-12-31T23:00-05:00',
  ])('asks for nothing where a time is %s', written => {
    for (const name of ['from', 'until'] as const) {
      const { filter, wrong } = lookAt(`?${name}=${written}&actor=ann`);
      expect(filter).toBeUndefined();
      expect(wrong).toEqual({
        [name]: `“${written}” is no time, such as 2026-01-31T12:00Z`,
      });
    }
  });

  it.each(['?service=shop', `?service=${'x'.repeat(301)}`, ''])(
    'never widens the records of one service: %s',
    search => {
      expect(filterAt(search, 'component:default/cart')).toEqual({
        service: 'component:default/cart',
      });
      const wrong = `?outcome=maybe&${search.slice(1)}`;
      expect(filterAt(wrong, 'component:default/cart')).toBeUndefined();
    },
  );
});
