import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import {
  CatalogPlatformApi,
  DependencyAnswer,
} from '@highroad/plugin-catalog-platform-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useLocation } from 'react-router-dom';
import {
  answerWith,
  apiWith,
  item,
  userService,
} from '../__testUtils__/answers';
import { measureSvg } from '../__testUtils__/svg';
import { catalogPlatformApiRef } from '../api';
import { DependenciesTab } from './DependenciesTab';

function Address() {
  return <output aria-label="Address">{useLocation().search}</output>;
}

function show(dependents: CatalogPlatformApi['dependents'], search = '') {
  const asked = jest.fn(dependents);
  renderInTestApp(
    <EntityProvider entity={userService}>
      <DependenciesTab />
      <Address />
    </EntityProvider>,
    {
      apis: [[catalogPlatformApiRef, apiWith({ dependents: asked })]],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
      initialRouteEntries: [`/${search}`],
    },
  );
  return asked;
}

const some = answerWith(
  [
    item('session-service', ['session-service']),
    item('shop', ['session-service', 'shop'], {
      title: 'Shop',
      owner: 'group:default/storefront-team',
      pathCount: 3,
      onCall: { serviceId: 'PX3YZ12', url: 'https://acme.pagerduty.com/x' },
    }),
  ],
  {
    lifecycles: [
      { lifecycle: 'experimental', count: 1 },
      { lifecycle: 'production', count: 2 },
    ],
  },
);

// The drawing is loaded on demand, which takes a while on a busy machine.
describe('DependenciesTab', () => {
  beforeAll(measureSvg);

  it('says first how many things break, then lists each with its way, owner, lifecycle and who is on call', async () => {
    show(async () => some);
    expect(
      await screen.findByRole('heading', {
        name: '2 things break if this breaks',
      }),
    ).toBeInTheDocument();
    const table = screen.getByRole('table', {
      name: 'What breaks if this breaks',
    });
    const [, direct, indirect] = within(table).getAllByRole('row');
    expect(direct).toHaveTextContent('session-service');
    expect(direct).toHaveTextContent('direct');
    expect(indirect).toHaveTextContent(
      'through session-service and 2 other ways',
    );
    expect(indirect).toHaveTextContent('storefront-team');
    expect(indirect).toHaveTextContent('production');
    expect(
      within(indirect).getByRole('link', { name: 'Shop' }),
    ).toHaveAttribute('href', '/catalog/default/component/shop');
    expect(
      within(indirect).getByRole('link', { name: /Who is on call for Shop/ }),
    ).toHaveAttribute('href', 'https://acme.pagerduty.com/x');
  });

  it('draws the same, under a name of its own', async () => {
    show(async () => some);
    expect(
      await screen.findByRole(
        'group',
        { name: /Drawing of the dependencies/ },
        { timeout: 20_000 },
      ),
    ).toBeInTheDocument();
  });

  it('says so instead of drawing what nobody could read', async () => {
    const many = Array.from({ length: 61 }, (_, i) => item(`s${i}`, [`s${i}`]));
    show(async () => answerWith(many));
    expect(
      await screen.findByText(/62 things are too many to draw/),
    ).toBeInTheDocument();
    expect(screen.getAllByRole('row')).toHaveLength(26);
    await userEvent.click(screen.getByRole('button', { name: /next page/i }));
    expect(screen.getByRole('link', { name: 's25' })).toBeInTheDocument();
  });

  it('shows rows to come while it waits', async () => {
    show(() => new Promise<DependencyAnswer>(() => {}));
    expect(
      await screen.findByRole('status', {
        name: 'Following the dependencies of User service',
      }),
    ).toBeInTheDocument();
  });

  it('says what will be here when nothing is', async () => {
    show(async () => answerWith([]));
    expect(
      await screen.findByText('Nothing breaks if this breaks'),
    ).toBeInTheDocument();
    expect(screen.getByText(/will be listed here/)).toHaveTextContent(
      'spec.dependsOn',
    );
    expect(screen.queryByRole('table')).not.toBeInTheDocument();
  });

  it('says what failed and why, and tries again', async () => {
    let calls = 0;
    show(async () => {
      calls += 1;
      if (calls === 1) {
        throw new Error('The line is cut.');
      }
      return some;
    });
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent(
      'What depends on User service could not be found out',
    );
    expect(alert).toHaveTextContent('The line is cut.');
    expect(
      within(alert).getByRole('link', { name: /What to do/ }),
    ).toHaveAttribute(
      'href',
      expect.stringContaining('/runbooks/catalog-does-not-answer'),
    );
    await userEvent.click(
      within(alert).getByRole('button', { name: 'Try again' }),
    );
    expect(
      await screen.findByText('2 things break if this breaks'),
    ).toBeInTheDocument();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('says everything that makes an answer incomplete', async () => {
    show(async () =>
      answerWith(some.items, {
        truncated: true,
        deeper: true,
        cycle: [
          { ref: 'component:default/shop', relation: 'dependencyOf' },
          { ref: 'component:default/user-service', relation: 'dependencyOf' },
        ],
        unresolved: [
          {
            ref: 'component:default/stock',
            from: 'component:default/shop',
            field: 'spec.dependsOn',
          },
        ],
      }),
    );
    expect(
      await screen.findByText('More than 2 things break if this breaks'),
    ).toBeInTheDocument();
    expect(screen.getByText(/too much to follow/)).toBeInTheDocument();
    expect(
      screen.getByText('There is more beyond 4 steps.'),
    ).toBeInTheDocument();
    expect(
      screen.getByText(
        'It depends on itself: user-service → shop → user-service.',
      ),
    ).toBeInTheDocument();
    expect(
      screen.getByText(
        /Not in the catalog, or not visible to you: component:default\/stock \(in spec.dependsOn of shop\)/,
      ),
    ).toBeInTheDocument();
  });

  it('asks what the address says, and ignores parts of it that make no sense', async () => {
    const asked = show(
      async () => answerWith([], { direction: 'dependencies' }),
      '?direction=dependencies&depth=99&lifecycle=production&other=1',
    );
    await screen.findByText(/This needs nothing/);
    expect(asked).toHaveBeenLastCalledWith('component:default/user-service', {
      direction: 'dependencies',
      depth: 4,
      lifecycle: ['production'],
    });
  });

  it('keeps every choice in the address, with what else stands there', async () => {
    const asked = show(async () => some, '?other=1');
    await screen.findByRole('table');
    await userEvent.click(
      screen.getByRole('button', { name: 'What it needs' }),
    );
    await userEvent.click(screen.getByRole('combobox', { name: 'Steps' }));
    await userEvent.click(
      await screen.findByRole('option', { name: 'direct only' }),
    );
    await userEvent.click(screen.getByRole('combobox', { name: /Lifecycle/ }));
    await userEvent.click(
      await screen.findByRole('option', { name: /experimental \(1\)/ }),
    );
    await waitFor(() =>
      expect(screen.getByLabelText('Address')).toHaveTextContent(
        '?other=1&direction=dependencies&depth=1&lifecycle=experimental',
      ),
    );
    expect(asked).toHaveBeenLastCalledWith('component:default/user-service', {
      direction: 'dependencies',
      depth: 1,
      lifecycle: ['experimental'],
    });
  });

  it('looks as far as it can when asked for what lies beyond', async () => {
    const asked = show(async () => answerWith(some.items, { deeper: true }));
    await userEvent.click(
      await screen.findByRole('button', { name: 'Look further' }),
    );
    await waitFor(() =>
      expect(asked).toHaveBeenLastCalledWith(
        'component:default/user-service',
        expect.objectContaining({ depth: 10 }),
      ),
    );
  });

  it('offers every lifecycle again when none fits', async () => {
    show(
      async () => answerWith([], { lifecycle: ['sunset'] }),
      '?lifecycle=sunset',
    );
    expect(
      await screen.findByText('Nothing in sunset breaks if this breaks'),
    ).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: 'Show every lifecycle' }),
    );
    await waitFor(() =>
      expect(screen.getByLabelText('Address')).toBeEmptyDOMElement(),
    );
  });
});
