import { renderTestApp } from '@backstage/frontend-test-utils';
import { createTestEntityPage } from '@backstage/plugin-catalog-react/testUtils';
import {
  CatalogPlatformApi,
  DependencyAnswer,
} from '@highroad/plugin-catalog-platform-common';
import { screen, within } from '@testing-library/react';
import {
  answerWith,
  apiWith,
  item,
  userService,
} from '../__testUtils__/answers';
import { catalogPlatformApiRef } from '../api';
import { breaksCard } from '../plugin';

function show(
  dependents: CatalogPlatformApi['dependents'],
  entity = userService,
) {
  renderTestApp({
    extensions: [createTestEntityPage({ entity }), breaksCard],
    apis: [[catalogPlatformApiRef, apiWith({ dependents })]],
  });
}

describe('BreaksCard', () => {
  it('lists five, those in production first, each with its owner', async () => {
    const trial = { lifecycle: 'experimental' };
    show(async () =>
      answerWith([
        item('trial', ['trial'], trial),
        ...['a', 'b', 'c', 'd'].map(name => item(name, [name])),
        item('far', ['a', 'far'], { owner: undefined }),
      ]),
    );
    expect(
      await screen.findByText('6 things break if this breaks'),
    ).toBeInTheDocument();
    expect(
      within(screen.getByRole('list', { name: 'First to know about it' }))
        .getAllByRole('listitem')
        .map(li => li.textContent),
    ).toEqual([
      'a payments-team · production',
      'b payments-team · production',
      'c payments-team · production',
      'd payments-team · production',
      'far no owner · production',
    ]);
  });

  it('says when nothing breaks', async () => {
    show(async () => answerWith([]));
    expect(
      await screen.findByText('Nothing breaks if this breaks'),
    ).toBeInTheDocument();
    expect(
      screen.queryByRole('list', { name: 'First to know about it' }),
    ).not.toBeInTheDocument();
  });

  it('shows rows to come while it waits', async () => {
    show(() => new Promise<DependencyAnswer>(() => {}));
    expect(await screen.findByRole('status')).toHaveAccessibleName(
      /User service/,
    );
  });

  it('says what failed, and offers to try again', async () => {
    show(async () => {
      throw new Error('The line is cut.');
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The line is cut.',
    );
    expect(
      screen.getByRole('button', { name: 'Try again' }),
    ).toBeInTheDocument();
  });

  it('is not shown for people and teams', async () => {
    show(async () => answerWith([]), {
      ...userService,
      kind: 'User',
      spec: {},
    });
    expect(await screen.findByTestId('empty-entity-page')).toBeInTheDocument();
  });
});
