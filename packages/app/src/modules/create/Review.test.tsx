import { TestApiProvider } from '@backstage/frontend-test-utils';
import { entityPresentationApiRef } from '@backstage/plugin-catalog-react';
import { createClientApiRef } from '@highroad/plugin-create';
import { render, screen } from '@testing-library/react';
import { Review } from './Review';

const page = (mergedSchema: Record<string, object>) => ({
  ...{ uiSchema: {}, schema: mergedSchema, title: 'A page' },
  mergedSchema: { type: 'object', ...mergedSchema },
});
const schemas = [
  page({
    properties: {
      name: { type: 'string', title: 'Name' },
      description: { type: 'string', title: 'Description' },
      owner: { type: 'string', title: 'Owner' },
    },
  }),
  page({ properties: { gitHost: { type: 'string', title: 'Git host' } } }),
];
const formState = {
  ...{ gitHost: '127.0.0.1:3000', owner: 'group:default/shop-team' },
  ...{ description: '', name: 'cart' },
};

const gitea = {
  ...{ host: '127.0.0.1:3000', title: 'Gitea' },
  ...{ kind: 'gitea' as const, defaultOwner: '' },
};

function show(gitHosts: (typeof createClientApiRef.T)['gitHosts']) {
  const known = { primaryTitle: 'The shop', entityRef: 'x' };
  render(
    <TestApiProvider
      apis={[
        [createClientApiRef, { gitHosts }],
        [
          entityPresentationApiRef,
          {
            forEntity: () => ({
              snapshot: known,
              promise: Promise.resolve(known),
            }),
          },
        ],
      ]}
    >
      <Review schemas={schemas} formState={formState} />
    </TestApiProvider>,
  );
}

const rows = () =>
  screen.getAllByRole('row').map(row => row.textContent?.trim());

describe('the review of a form', () => {
  it('has what was answered in the order of the questions, by titles', async () => {
    show(async () => ({ items: [gitea], default: gitea.host }));
    expect(await screen.findByText('Gitea')).toBeInTheDocument();
    expect(rows()).toEqual(['Namecart', 'OwnerThe shop', 'Git hostGitea']);
  });

  it('has the answers as they were given where a title cannot be asked', async () => {
    show(async () => {
      throw new Error('the portal is down');
    });
    expect(await screen.findByText('The shop')).toBeInTheDocument();
    expect(screen.getByText('127.0.0.1:3000')).toBeInTheDocument();
  });
});
