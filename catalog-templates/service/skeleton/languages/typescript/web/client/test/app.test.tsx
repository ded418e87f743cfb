import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createMemoryRouter, type RouteObject } from 'react-router';
import { describe, expect, it, vi } from 'vitest';
import { App } from '../app.tsx';
import { routes } from '../routes.tsx';

const config = { title: 'Shop', apiUrl: 'https://api.example.com' };

async function open(path: string, given = Promise.resolve(config), tree: RouteObject[] = routes) {
  const router = createMemoryRouter(tree, { initialEntries: [path] });
  // Waits for the promise that the page suspends on.
  await act(async () => {
    render(<App router={router} config={given} />);
    await given.catch(() => undefined);
  });
}

describe('the pages', () => {
  it('show the first one under the configured title', async () => {
    await open('/');
    expect(screen.getByRole('heading', { name: 'Shop' })).toBeVisible();
    expect(document.title).toBe('Shop');
  });

  it('lead from one to the other', async () => {
    await open('/');
    await userEvent.click(screen.getByRole('link', { name: 'About' }));
    expect(await screen.findByRole('heading', { name: 'About' })).toBeVisible();
    expect(screen.getByText(/https:\/\/api\.example\.com/)).toBeVisible();
    expect(screen.getByRole('link', { name: 'About' })).toHaveAttribute('aria-current', 'page');
  });

  it('say where there is none', async () => {
    await open('/nowhere');
    expect(screen.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
  });

  it('say that they load until the configuration is there', async () => {
    const router = createMemoryRouter(routes);
    await act(async () => {
      render(<App router={router} config={new Promise(() => undefined)} />);
    });
    expect(screen.getByRole('status')).toHaveTextContent('Loading…');
  });
});

describe('an error', () => {
  it('in a page is shown in place of it', async () => {
    vi.spyOn(console, 'error').mockReturnValue();
    const Broken = () => {
      throw new Error('broken');
    };
    const tree = routes.map((route): RouteObject =>
      route.children ? { ...route, children: [{ path: '/', Component: Broken }] } : route,
    );
    await open('/', undefined, tree);
    expect(screen.getByRole('alert')).toHaveTextContent('This page does not work');
  });

  it('of the configuration is shown in place of everything', async () => {
    vi.spyOn(console, 'error').mockReturnValue();
    const reported = vi.fn();
    vi.stubGlobal('reportError', reported);
    await open('/', Promise.reject(new Error('no configuration')));
    expect(screen.getByRole('alert')).toBeVisible();
    expect(reported).toHaveBeenCalled();
  });
});
