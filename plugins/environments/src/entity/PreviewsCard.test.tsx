import { EntityProvider } from '@backstage/plugin-catalog-react';
import { screen } from '@testing-library/react';
import { environment } from '../__testUtils__/environments';
import { CART, show, showOnEntity } from '../__testUtils__/show';
import { previewsCard } from '../plugin';
import { PreviewsCard } from './PreviewsCard';

const answers = (count: number) => ({
  list: async () => ({
    items: Array.from({ length: count }, (_, at) =>
      environment({ name: `cart-${at}` }),
    ),
    standing: [],
  }),
});

describe('the card of open previews', () => {
  it('says where each is, how it stands and how long it lives', async () => {
    showOnEntity(previewsCard, answers(1));
    expect(
      await screen.findByRole('list', { name: 'Open previews' }),
    ).toHaveTextContent(/readycart-0cart-try\.previews\.test.*2 d 2 h left/);
  });

  it('shows a few, and says how many more there are', async () => {
    showOnEntity(previewsCard, answers(7));
    expect(
      await screen.findByText('And 2 more, under Environments.'),
    ).toBeInTheDocument();
  });

  it('says how to have one', async () => {
    showOnEntity(previewsCard, answers(0));
    expect(await screen.findByText(/^None\. A pull request/)).toBeVisible();
  });

  it('says what failed', async () => {
    showOnEntity(previewsCard, {
      list: async () => {
        throw new Error('The network is gone.');
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Its previews could not be readThe network is gone.',
    );
  });

  it('shows none of another team whose service has the same name', async () => {
    showOnEntity(previewsCard, {
      list: async () => ({
        items: [environment({ owner: 'group:default/bank' })],
        standing: [],
      }),
    });
    expect(await screen.findByText(/^None\. A pull request/)).toBeVisible();
  });

  it('says since when nothing new is heard', async () => {
    const api = answers(1);
    let asked = 0;
    show(
      <EntityProvider entity={CART}>
        <PreviewsCard looks={{ everyMs: 50, paceMs: 0 }} />
      </EntityProvider>,
      {
        list: async () => {
          asked += 1;
          // The first look is two questions.
          if (asked > 2) throw new Error('The network is gone.');
          return api.list();
        },
      },
    );
    expect(await screen.findByRole('alert')).toHaveTextContent(
      /does not answer: The network is gone\..*was so/,
    );
    expect(screen.getByText('cart-0')).toBeVisible();
  });
});
