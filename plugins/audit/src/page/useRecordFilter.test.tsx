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
