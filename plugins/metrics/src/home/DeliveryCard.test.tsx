import { screen, within } from '@testing-library/react';
import { answers, noData, nothing, show, value } from '../__testUtils__/show';
import { DeliveryCard } from './DeliveryCard';

describe('the card of the home page', () => {
  it('shows what is known, and leads to where it is explained', async () => {
    show(<DeliveryCard />, answers({ 'change-failure-rate': value(0.125) }));
    expect(await screen.findByText('12.5 %')).toBeVisible();
    expect(screen.getByText('Deployment frequency')).toBeVisible();
    expect(
      screen.getByRole('link', { name: /How it is counted/ }),
    ).toHaveAttribute('href', expect.stringContaining('/metrics'));
  });

  it('says of each number that has no value whether nothing is known of it, or nothing was', async () => {
    show(<DeliveryCard />, answers({ 'lead-time': noData, recovery: nothing }));
    const [, lead, , recovery] = await screen.findAllByRole('definition');
    expect(lead).toHaveTextContent(/^no data$/);
    expect(recovery).toHaveTextContent(/^none$/);
    expect(
      within(recovery).getByTitle('Nothing failed in this time.'),
    ).toBeVisible();
  });

  it('does not take nothing for zero', async () => {
    show(
      <DeliveryCard />,
      answers({
        ...{ frequency: noData, 'lead-time': noData, recovery: noData },
        ...{ 'change-failure-rate': noData, rework: noData },
      }),
    );
    expect(await screen.findByText(/not the same as zero/)).toBeVisible();
  });

  it('says why where the numbers cannot be read', async () => {
    show(<DeliveryCard />, {
      summary: async () => {
        throw new Error('The disk is gone.');
      },
    });
    expect(await screen.findByText(/The disk is gone/)).toBeVisible();
  });
});
