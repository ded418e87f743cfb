import { LentSecrets } from '@highroad/plugin-environments-common';
import { PreviewFollowers } from './PreviewFollowers';

const path = {
  ...{ service: 'component:default/cart', environment: 'staging' },
  key: 'URL',
};
const item = (change: Partial<LentSecrets> = {}): LentSecrets => ({
  ...{ environment: 'pr-1', cluster: 'main', namespace: 'env-pr-1' },
  ...{ secret: 'cart', state: 'synced', message: 'lent 1 key' },
  ...change,
});

describe('environments on demand that are lent a key', () => {
  let items: LentSecrets[];
  let restarting: string[];
  const followSecrets = jest.fn(async () => ({ items }));
  const asked = jest.fn(async () => restarting);
  const behind = (lentFrom?: string) =>
    new PreviewFollowers({
      environments: { followSecrets },
      clusters: { knows: name => name === 'main', restarting: asked },
      lentFrom,
    }).behind(path);

  beforeEach(() => {
    jest.clearAllMocks();
    items = [item()];
    restarting = [];
  });

  it('are asked only where they are lent from there', async () => {
    items = [item({ state: 'behind' })];
    expect(await behind()).toBeUndefined();
    expect(await behind('qa')).toBeUndefined();
    expect(followSecrets).not.toHaveBeenCalled();
    expect(await behind('staging')).toBeDefined();
    expect(followSecrets).toHaveBeenCalledWith(
      {
        ...{ service: path.service, environment: 'staging' },
        ...{ keys: ['URL'], deleted: [] },
      },
      expect.anything(),
    );
  });

  it('are behind until each has the newest and its programs were replaced', async () => {
    expect(await behind('staging')).toBeUndefined();
    expect(asked).toHaveBeenCalledWith({
      ...{ cluster: 'main', namespace: 'env-pr-1', secret: 'cart' },
    });
    const message = 'It has what it was lent before.';
    items = [item(), item({ environment: 'pr-2', state: 'behind', message })];
    expect(await behind('staging')).toBe(
      `The environment on demand pr-2: ${message}`,
    );
    items = [item({ restartAt: '2026-11-30T12:00:00Z' })];
    expect(await behind('staging')).toMatch(/pr-1: programs are about to/);
    items = [item()];
    restarting = ['Deployment cart'];
    expect(await behind('staging')).toMatch(/Deployment cart still restarts/);
    items = [item({ state: 'waiting' })];
    expect(await behind('staging')).toBeUndefined();
  });

  it('are not known to have it where they cannot be asked', async () => {
    followSecrets.mockRejectedValueOnce(new Error('It does not answer.'));
    expect(await behind('staging')).toBe(
      'Environments on demand could not be asked: It does not answer.',
    );
  });
});
