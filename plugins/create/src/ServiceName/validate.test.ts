import { TestApiRegistry } from '@backstage/test-utils';
import { apiWith } from '../__testUtils__/fields';
import { createClientApiRef } from '../api';
import { explainUnusableName } from './validate';

function portal(checkName: (typeof createClientApiRef.T)['checkName']) {
  return TestApiRegistry.from([createClientApiRef, apiWith({ checkName })]);
}

describe('explainUnusableName', () => {
  it('asks for a name where there is none, without asking the portal', async () => {
    const checkName = jest.fn();
    expect(await explainUnusableName(undefined, portal(checkName))).toBe(
      'Give the service a name.',
    );
    expect(await explainUnusableName('My', portal(checkName))).toMatch(/: my$/);
    expect(checkName).not.toHaveBeenCalled();
  });

  it('keeps a taken name from going on, in the words of the portal', async () => {
    const taken = portal(async name => ({
      name,
      available: false,
      problem: `There is a ${name}.`,
    }));
    expect(await explainUnusableName('cart', taken)).toBe('There is a cart.');
  });

  it('lets a free name go on', async () => {
    const free = portal(async name => ({ name, available: true }));
    expect(await explainUnusableName('cart', free)).toBeUndefined();
  });

  it('lets a name go on that the portal cannot check now', async () => {
    const gone = portal(async () => {
      throw new Error('Failed to fetch');
    });
    expect(await explainUnusableName('cart', gone)).toBeUndefined();
  });
});
