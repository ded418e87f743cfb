import { renderHook } from '@testing-library/react';
import { ReactNode } from 'react';
import { MemoryRouter } from 'react-router-dom';
import { useRecordFilter } from './useRecordFilter';

function filterAt(search: string, service?: string) {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <MemoryRouter initialEntries={[`/${search}`]}>{children}</MemoryRouter>
  );
  return renderHook(() => useRecordFilter({ service }), { wrapper }).result
    .current.filter;
}

describe('the filter in the address', () => {
  it('loses what makes no sense, and nothing else', () => {
    const long = 'x'.repeat(301);
    expect(
      filterAt(
        `?service=cart&door=window&outcome=failed&event=${long}&actor=ann`,
      ),
    ).toEqual({
      service: 'component:default/cart',
      outcome: 'failed',
      actor: 'user:default/ann',
    });
  });

  it('takes names as the command line does', () => {
    expect(filterAt('?actor=Jonas.Lind&service=team-a/Cart')).toEqual({
      actor: 'user:default/jonas.lind',
      service: 'component:team-a/cart',
    });
    expect(filterAt('?actor=token:CI-cart')).toEqual({ actor: 'CI-cart' });
  });

  it('holds from when until when, in UTC, and drops what is no time', () => {
    const [since, until] = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'];
    expect(filterAt(`?from=${since}&until=${until}&range=day`)).toEqual({
      ...{ since, until },
    });
    expect(filterAt(`?until=${until}`)).toEqual({ until });
    expect(filterAt(`?from=yesterday&until=${until}`)).toEqual({ until });
    expect(filterAt('?range=between')).toEqual({});
  });

  it.each([
    '?door=window',
    '?service=shop',
    `?service=${'x'.repeat(301)}&outcome=maybe`,
    '',
  ])('never widens the records of one service: %s', search => {
    expect(filterAt(search, 'component:default/cart')).toEqual({
      service: 'component:default/cart',
    });
  });
});
