import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import {
  CatalogPlatformApi,
  FindingsAnswer,
  OwnerFindings,
} from '@highroad/plugin-catalog-platform-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useLocation } from 'react-router-dom';
import { apiWith, badId, noOwner } from '../__testUtils__/answers';
import { catalogPlatformApiRef } from '../api';
import { FindingsPage } from './FindingsPage';

function Address() {
  return <output aria-label="Address">{useLocation().search}</output>;
}

function show(findings: CatalogPlatformApi['findings'], search = '') {
  renderInTestApp(
    <>
      <FindingsPage />
      <Address />
    </>,
    {
      apis: [
        [catalogPlatformApiRef, apiWith({ findings })],
        mockApis.identity({
          userEntityRef: 'user:default/guest',
          ownershipEntityRefs: [
            'user:default/guest',
            'group:default/payments-team',
          ],
        }),
      ],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
      initialRouteEntries: [`/${search}`],
    },
  );
}

function group(owner: string, name: string, findings = [badId]): OwnerFindings {
  return {
    owner: `group:default/${owner}`,
    ownerExists: owner !== 'warehouse-team',
    entities: [
      {
        ref: `component:default/${name}`,
        title: name,
        kind: 'Component',
        findings,
      },
    ],
  };
}

function answer(
  owners: OwnerFindings[],
  rest: Partial<FindingsAnswer> = {},
): FindingsAnswer {
  return {
    owners,
    total: owners.length,
    truncated: false,
    checkedAt: '2026-01-31T12:00:00.000Z',
    ...rest,
  };
}

const three = answer([
  group('warehouse-team', 'warehouse-sync', [noOwner, badId]),
  group('fulfilment-team', 'shipping-service'),
  group('payments-team', 'fraud-scorer'),
]);

const owners = () =>
  screen
    .getAllByRole('heading', { level: 2 })
    .map(heading => heading.textContent);

describe('FindingsPage', () => {
  it('lists findings by owner, my teams first, and says how many are mine', async () => {
    show(async () => three);
    expect(
      await screen.findByText('4 things to put right, 1 of them yours'),
    ).toBeInTheDocument();
    expect(owners()).toEqual([
      'payments-team',
      'warehouse-team',
      'fulfilment-team',
    ]);
    expect(screen.getByText('mine')).toBeInTheDocument();
    expect(screen.getByText('not in the catalog')).toBeInTheDocument();
    expect(
      screen.queryByRole('link', { name: 'warehouse-team' }),
    ).not.toBeInTheDocument();
    const list = screen.getByRole('list', {
      name: 'What to put right in warehouse-sync',
    });
    expect(within(list).getAllByRole('listitem')).toHaveLength(2);
  });

  it('shows what the address asks for', async () => {
    show(async () => three, '?show=mine');
    await screen.findByText('fraud-scorer');
    expect(owners()).toEqual(['payments-team']);
  });

  it('filters by level and name, and keeps that in the address', async () => {
    show(async () => three);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Errors only' }),
    );
    await waitFor(() => expect(owners()).toEqual(['warehouse-team']));
    expect(
      screen.getByText('1 thing to put right, none of them yours'),
    ).toBeInTheDocument();
    await userEvent.type(screen.getByLabelText('Name'), 'zebra');
    expect(
      await screen.findByText(/Nothing fits the filter/),
    ).toBeInTheDocument();
    expect(screen.getByLabelText('Address')).toHaveTextContent(
      '?level=error&name=zebra',
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Show everything' }),
    );
    expect(await screen.findByText('shipping-service')).toBeInTheDocument();
    expect(screen.getByLabelText('Address')).toBeEmptyDOMElement();
  });

  it('says that all is well when nothing is wrong, and what would be here', async () => {
    show(async () => answer([]));
    expect(await screen.findByText(/All well/)).toHaveTextContent(
      'owners that do not exist',
    );
  });

  it('shows rows to come while it waits', async () => {
    show(() => new Promise<FindingsAnswer>(() => {}));
    expect(
      await screen.findByRole('status', { name: 'Collecting what is wrong' }),
    ).toBeInTheDocument();
  });

  it('says what failed, and tries again', async () => {
    let calls = 0;
    show(async () => {
      calls += 1;
      if (calls === 1) {
        throw new Error('The line is cut.');
      }
      return three;
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The line is cut.',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('fraud-scorer')).toBeInTheDocument();
  });

  it('says when there are more than it lists', async () => {
    show(async () => ({ ...three, truncated: true }));
    expect(
      await screen.findByText(/more than can be listed/),
    ).toBeInTheDocument();
  });
});
