import { StoreStatus } from './StoreStatus';

describe('the status of the store', () => {
  const lacks = 'The role "write" may not update secret/data/production/A.';
  const left = 'qa is no longer configured.';
  const status = (concerns: string[]) =>
    new StoreStatus({
      vault: {
        fingerprintKey: async () => Buffer.alloc(32),
        services: async () => [],
      },
      warnings: async () => [left],
      concerns: async () => concerns,
    });

  it('says what is wrong with the roles of the platform to whoever can mend it, and to others that something is', async () => {
    const mends = await status([lacks]).read(async () => true);
    expect(mends).toMatchObject({ state: 'ready', warnings: [lacks, left] });
    const { warnings } = await status([lacks]).read(async () => false);
    expect(warnings).toEqual([
      expect.stringMatching(/^What the platform may do in Vault is not what/),
      left,
    ]);
    expect(warnings.join()).not.toMatch(/write|secret\/data/);
  });

  it('asks nobody who it is where nothing is wrong', async () => {
    const canMend = jest.fn();
    expect((await status([]).read(canMend)).warnings).toEqual([left]);
    expect(canMend).not.toHaveBeenCalled();
  });
});
