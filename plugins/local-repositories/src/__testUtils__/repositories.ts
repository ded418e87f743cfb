import { Repository } from '@highroad/plugin-local-repositories-common';
import { localRepositoriesApiRef } from '../api';

type LocalRepositoriesApi = typeof localRepositoriesApiRef.T;

export const commit = {
  id: '02d23e3aa5f0c1d2e3f405162738495a6b7c8d9e',
  message: 'Create the service from its template',
  author: 'Highroad',
  time: '2026-02-10T12:00:00Z',
};

export const cart: Repository = {
  owner: 'shop-team',
  name: 'cart',
  defaultBranch: 'main',
  cloneUrl: '/srv/repositories/shop-team/cart.git',
  lastCommit: commit,
};

/** An API of which each test says what it answers; anything else fails the test. */
export function apiWith(
  answers: Partial<LocalRepositoriesApi>,
): LocalRepositoriesApi {
  const unexpected = (name: string) => async () => {
    throw new Error(`This test did not expect ${name} to be called`);
  };
  return {
    list: unexpected('list'),
    get: unexpected('get'),
    tree: unexpected('tree'),
    file: unexpected('file'),
    commits: unexpected('commits'),
    ...answers,
  };
}
