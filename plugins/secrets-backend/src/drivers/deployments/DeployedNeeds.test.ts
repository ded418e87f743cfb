import { DeployedNeeds } from './DeployedNeeds';

describe('what programs of all services refer to', () => {
  it('is asked for page by page, and again after half a minute, or where that failed', async () => {
    let now = 0;
    let works = false;
    const secretNeeds = jest.fn(async ({ after = '' }: { after?: string }) => {
      if (!works) throw new Error('It does not answer.');
      return after
        ? { items: [{ service: 'b', references: [] }] }
        : { items: [{ service: 'a', references: [] }], next: 'a' };
    });
    const needs = new DeployedNeeds({
      ...{ deployments: { secretNeeds }, now: () => new Date(now) },
    });
    await expect(needs.all()).rejects.toThrow('does not answer');
    works = true;
    // Several who ask at the same time are answered at once.
    const [all] = await Promise.all([needs.all(), needs.all()]);
    expect([...all.keys()]).toEqual(['a', 'b']);
    expect(secretNeeds).toHaveBeenCalledTimes(3);
    now = 29_000;
    await needs.all();
    expect(secretNeeds).toHaveBeenCalledTimes(3);
    now = 31_000;
    await needs.all();
    expect(secretNeeds).toHaveBeenCalledTimes(5);
  });
});
