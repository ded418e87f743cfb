import { renderTestApp } from '@backstage/frontend-test-utils';
import { createTestEntityPage } from '@backstage/plugin-catalog-react/testUtils';
import { screen } from '@testing-library/react';
import { answerWith, apiWith, userService } from './__testUtils__/answers';
import plugin, { catalogPlatformApiRef } from '.';
import { dependenciesTab } from './plugin';

describe('the plugin', () => {
  it('puts a page of findings at /findings', async () => {
    const findings = async () => ({
      owners: [],
      total: 0,
      truncated: false,
      checkedAt: '2026-01-31T12:00:00.000Z',
    });
    renderTestApp({
      features: [plugin],
      apis: [[catalogPlatformApiRef, apiWith({ findings })]],
      initialRouteEntries: ['/findings'],
    });
    expect(await screen.findByText(/All well/)).toBeInTheDocument();
    expect(screen.getAllByText('Findings').length).toBeGreaterThan(0);
  });

  it('puts a tab on the page of a component', async () => {
    renderTestApp({
      extensions: [
        createTestEntityPage({ entity: userService }),
        dependenciesTab,
      ],
      apis: [
        [
          catalogPlatformApiRef,
          apiWith({ dependents: async () => answerWith([]) }),
        ],
      ],
    });
    expect(
      await screen.findByText('Nothing breaks if this breaks'),
    ).toBeInTheDocument();
  });
});
