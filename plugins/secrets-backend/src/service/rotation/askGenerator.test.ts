import { SecretValue } from '@highroad/plugin-platform-common';
import { askGenerator } from './askGenerator';

const path = {
  service: 'component:default/cart',
  environment: 'staging',
  key: 'SESSION_KEY',
};
const asked = {
  ...{ path, fence: 1 },
  rule: {
    ...{ everyDays: 30, timeZone: 'UTC', generator: 'theirs' },
    ...{ settings: {}, overlapHours: 0 },
  },
};
const vault = {
  read: async () => ({
    value: new SecretValue('as-it-stands'),
    ...{ encoding: 'text' as const, version: 1 },
  }),
};
const current = { as: 'current' as const, version: 1 };

describe('asking a generator', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('waits no longer for one that never ends, and does not heed its signal', async () => {
    const ask = askGenerator(
      ...([asked, current, vault] as const),
      () => new Promise<never>(() => {}),
    );
    await Promise.all([
      expect(ask).rejects.toThrow(
        'The generator "theirs" did not end within a minute, and is not waited for any longer.',
      ),
      jest.advanceTimersByTimeAsync(65_000),
    ]);
  });

  it('lets one that heeds its signal say what it waited for', async () => {
    const ask = askGenerator(
      ...([asked, current, vault] as const),
      () =>
        new Promise<never>((_, reject) => {
          setTimeout(
            () => reject(new Error('api.test does not answer.')),
            61_000,
          );
        }),
    );
    await Promise.all([
      expect(ask).rejects.toThrow('api.test does not answer.'),
      jest.advanceTimersByTimeAsync(65_000),
    ]);
  });

  it('takes nothing of what comes too late, and lets nobody see it', async () => {
    let late: (error: Error) => void = () => {};
    const ask = askGenerator(
      ...([asked, current, vault] as const),
      () =>
        new Promise<never>((_, reject) => {
          late = reject;
        }),
    );
    await Promise.all([
      expect(ask).rejects.not.toThrow('as-it-stands'),
      jest.advanceTimersByTimeAsync(65_000),
    ]);
    // Of an error that nobody took, a process would end.
    late(new Error('as-it-stands was refused'));
    await jest.advanceTimersByTimeAsync(1);
  });

  it('keeps no timer of one that ended', async () => {
    const tells = async ({ current: value }: { current?: SecretValue }) =>
      value?.reveal();
    expect(await askGenerator(asked, current, vault, tells)).toBe(
      'as-it-stands',
    );
    expect(jest.getTimerCount()).toBe(0);
  });
});
