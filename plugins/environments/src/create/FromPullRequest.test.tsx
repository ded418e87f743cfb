import { PullRequestPreview } from '@highroad/plugin-environments-common';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { EnvironmentsApi } from '../api';
import { detail, environment } from '../__testUtils__/environments';
import { show } from '../__testUtils__/show';
import { CreatePage } from './CreatePage';

const URL_OF_IT = 'https://git.test/acme/cart/pulls/12';
const preview = (
  more: Partial<PullRequestPreview> = {},
): PullRequestPreview => ({
  pullRequest: {
    ...{ title: 'Faster cart', url: URL_OF_IT, branch: 'faster' },
    ...{ author: 'ann', fork: false },
  },
  name: 'pr-12-cart-1x2y3z4w',
  ...{ problems: [], upToDate: false },
  ...more,
});
const wanted = {
  commit: 'c0ffee0000000000000000000000000000000000',
  owner: 'group:default/shop',
  manifest: 'kind: Environment\n# as it would be\n',
};

describe('the form for the environment of a pull request', () => {
  const ask = async (api: Partial<EnvironmentsApi>) => {
    const user = userEvent.setup();
    show(<CreatePage />, api);
    await user.type(
      await screen.findByRole('textbox', {
        name: 'Address of the pull request',
      }),
      URL_OF_IT,
    );
    await user.click(screen.getByRole('button', { name: 'Show' }));
    return user;
  };

  it('shows what would be made, and has it made by one click', async () => {
    const bringPullRequest = jest.fn(async () => ({
      name: 'cart-try',
      environment: detail(),
    }));
    const user = await ask({
      previewPullRequest: async () => preview(wanted),
      bringPullRequest,
    });
    expect(await screen.findByText('Faster cart')).toBeVisible();
    expect(screen.getByText('c0ffee0')).toBeVisible();
    expect(bringPullRequest).not.toHaveBeenCalled();
    await user.click(screen.getByRole('button', { name: 'Create it' }));
    await waitFor(() =>
      expect(screen.getByLabelText('Address')).toHaveTextContent(
        '/environments/cart-try?home=environments',
      ),
    );
    expect(bringPullRequest).toHaveBeenCalledWith({ url: URL_OF_IT });
  });

  it('lists what is open of a service, and shows what is chosen', async () => {
    const user = userEvent.setup();
    const previewPullRequest = jest.fn(async () => preview(wanted));
    show(
      <CreatePage />,
      {
        openPullRequests: async () => ({
          ...{ repository: 'acme/cart', more: 3 },
          items: [
            {
              ...{ number: 12, title: 'Faster cart', url: URL_OF_IT },
              ...{ branch: 'faster', author: 'ann', fork: true },
              updatedAt: '2026-01-01T00:00:00Z',
              environment: 'pr-12-cart-1x2y3z4w',
            },
          ],
        }),
        previewPullRequest,
      },
      { at: '/?service=cart' },
    );
    const one = await screen.findByRole('button', { name: /#12 Faster cart/ });
    expect(one).toHaveTextContent('faster, by ann, from a fork');
    expect(screen.getByText(/3 older ones are not listed/)).toBeVisible();
    await user.click(one);
    expect(
      await screen.findByRole('button', { name: 'Create it' }),
    ).toBeVisible();
    expect(previewPullRequest).toHaveBeenCalledWith({ url: URL_OF_IT });
    expect(
      screen.getByRole('textbox', { name: 'Address of the pull request' }),
    ).toHaveValue(URL_OF_IT);
  });

  it('says that none is open, and why none could be listed', async () => {
    const { unmount } = await show(
      <CreatePage />,
      {
        openPullRequests: async () => ({
          ...{ repository: 'acme/cart', items: [], more: 0 },
        }),
      },
      { at: '/?service=cart' },
    );
    expect(
      await screen.findByText('acme/cart has no open pull request.'),
    ).toBeVisible();
    unmount();
    show(
      <CreatePage />,
      {
        openPullRequests: async () => {
          throw new Error('git.test does not answer.');
        },
      },
      { at: '/?service=cart' },
    );
    expect(await screen.findByText(/git.test does not answer/)).toBeVisible();
  });

  it('links the one that is there, and offers nothing where it is up to date', async () => {
    await ask({
      previewPullRequest: async () =>
        preview({ ...wanted, environment: environment(), upToDate: true }),
    });
    expect(
      await screen.findByRole('link', { name: 'pr-12-cart-1x2y3z4w' }),
    ).toHaveAttribute(
      'href',
      '/environments/pr-12-cart-1x2y3z4w?home=environments',
    );
    expect(
      screen.queryByRole('button', { name: 'Bring up to date' }),
    ).not.toBeInTheDocument();
  });

  it('says in words what is wrong and what is in the way, and cannot be sent then', async () => {
    await ask({
      previewPullRequest: async () =>
        preview({
          problems: [{ field: 'spec.ttl', message: 'use a whole number' }],
          obstacle: 'It comes from a fork.',
        }),
    });
    expect(await screen.findByText('It comes from a fork.')).toBeVisible();
    expect(
      screen.getByRole('list', { name: 'What to correct' }),
    ).toHaveTextContent('spec.ttl: use a whole number');
    const pages = screen
      .getAllByRole('link', { name: 'What to do' })
      .map(link => link.getAttribute('href'));
    expect(pages).toEqual([
      expect.stringContaining('/runbooks/pull-request-environment/'),
      expect.stringContaining('/runbooks/environment-refused/'),
    ]);
    expect(
      screen.queryByRole('button', { name: 'Create it' }),
    ).not.toBeInTheDocument();
  });

  it('says why it could not be read', async () => {
    await ask({
      previewPullRequest: async () => {
        throw new Error('No Git host is connected for pull requests.');
      },
    });
    expect(await screen.findByText(/No Git host is connected/)).toBeVisible();
  });
});
