import { features } from './features';

const add = jest.fn();
jest.mock('@backstage/backend-defaults', () => ({
  ...jest.requireActual('@backstage/backend-defaults'),
  createBackend: () => ({ add, start: async () => {} }),
}));

describe('the backend', () => {
  it('consists of the features whose doors are tested, and of nothing else', () => {
    jest.requireActual('./index');
    expect(add.mock.calls.map(([feature]) => feature)).toEqual(features);
  });
});
