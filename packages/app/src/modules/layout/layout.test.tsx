import { TestApiProvider } from '@backstage/frontend-test-utils';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { scaffolderApiRef } from '@backstage/plugin-scaffolder-react';
import { render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router-dom';
import { NotFound } from './NotFound';
import { useNamedBreadcrumbs } from './useNamedBreadcrumbs';

const at = (path: string, element: JSX.Element, getTask = jest.fn()) =>
  render(
    <TestApiProvider
      apis={[
        [
          catalogApiRef,
          catalogApiMock({
            entities: [
              {
                apiVersion: 'scaffolder.backstage.io/v1beta3',
                kind: 'Template',
                metadata: {
                  ...{ name: 'service', namespace: 'default' },
                  title: 'A whole service',
                },
              },
            ],
          }),
        ],
        [scaffolderApiRef, { getTask }],
      ]}
    >
      <MemoryRouter initialEntries={[path]}>{element}</MemoryRouter>
    </TestApiProvider>,
  );

function Trail({ labels }: { labels: string[] }) {
  const items = useNamedBreadcrumbs(labels.map(label => ({ label })));
  return <p>{items.map(({ label }) => label).join(' / ')}</p>;
}

describe('breadcrumbs', () => {
  it('have the title of a template', async () => {
    at(
      '/create/templates/default/service',
      <Trail labels={['Create', 'service']} />,
    );
    expect(
      await screen.findByText('Create / A whole service'),
    ).toBeInTheDocument();
  });

  it('have the name of what is created, and no id before it is known', async () => {
    let answer: (task: unknown) => void = () => {};
    const task = new Promise(resolve => {
      answer = resolve;
    });
    at(
      '/create/tasks/0c1e',
      <Trail labels={['Create', '0c1e']} />,
      jest.fn(() => task),
    );
    expect(screen.getByText('Create / Creation')).toBeInTheDocument();
    answer({ spec: { parameters: { name: 'cart' } } });
    expect(await screen.findByText('Create / cart')).toBeInTheDocument();
  });

  it('leaves other pages as they are', () => {
    at('/catalog/default/component/service', <Trail labels={['service']} />);
    expect(screen.getByText('service')).toBeInTheDocument();
  });
});

describe('an address that leads nowhere', () => {
  it('is named, with ways on', () => {
    at('/no/such', <NotFound />);
    expect(screen.getByText('/no/such')).toBeInTheDocument();
    const links = screen.getAllByRole('link');
    expect(links.map(link => link.getAttribute('href'))).toEqual([
      ...['/search', '/catalog', '/create', '/'],
    ]);
  });
});
