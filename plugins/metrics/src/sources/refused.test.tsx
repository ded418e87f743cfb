import { screen } from '@testing-library/react';
import { show } from '../__testUtils__/show';
import { MetricsPage } from '../page/MetricsPage';

// What one may do is remembered between the tests of a file, so this one has a file of its own.
describe('data quality, to others than the platform team', () => {
  it('shows what came to those only who may see it', async () => {
    show(
      <MetricsPage />,
      {
        sources: async () => ({
          ...{ items: [], gaps: [], pending: 0, quarantined: 1 },
        }),
      },
      { at: '/?tab=sources', allowed: false },
    );
    expect(
      await screen.findByText(/1 events could not be taken/),
    ).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Try all again' })).toBeNull();
    expect(
      screen.queryByRole('button', { name: 'Compute all anew' }),
    ).toBeNull();
  });
});
