import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen } from '@testing-library/react';
import { PageFrame } from './PageFrame';
import { Waiting } from './Waiting';

describe('PageFrame', () => {
  it('names the page in its heading and in the tab of the browser', async () => {
    renderInTestApp(
      <PageFrame
        title="Repositories"
        purpose="Kept on this machine"
        action={<button>Create</button>}
      >
        <Waiting label="Listing" rows={3} />
      </PageFrame>,
      { config: { app: { title: 'Highroad' } } },
    );
    expect(
      await screen.findByRole('heading', { level: 1, name: 'Repositories' }),
    ).toBeInTheDocument();
    expect(document.title).toBe('Repositories | Highroad');
    expect(screen.getByText('Kept on this machine')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Create' })).toBeInTheDocument();
    expect(screen.getByRole('status', { name: 'Listing' })).toBeInTheDocument();
  });

  it('has the title alone where the portal has no name', async () => {
    renderInTestApp(<PageFrame title="Home">x</PageFrame>);
    await screen.findByRole('heading', { level: 1, name: 'Home' });
    expect(document.title).toBe('Home');
  });
});
