import { DeployedUses, missingKeys, usersOf, whyMissing } from './uses';

const reference = (more: object = {}) => ({
  ...{ object: 'Deployment cart', secret: 'cart', optional: false },
  ...more,
});
const uses: DeployedUses[] = [
  {
    ...{ environment: 'production', version: '1.0', at: '2026-01-01' },
    references: [reference({ key: 'URL' })],
  },
  {
    ...{ environment: 'staging', version: '1.1', at: '2026-02-01' },
    references: [
      reference({ key: 'URL' }),
      reference({ key: 'TOKEN' }),
      reference({ object: 'CronJob tidy', key: 'TOKEN' }),
      reference({ key: 'MAYBE', optional: true }),
      reference({ object: 'StatefulSet all' }),
      reference({ secret: 'theirs', key: 'OTHER' }),
    ],
  },
];
const set = (environment: string, key: string, state: 'set' | 'deleted') => ({
  ...{ environment, key, state },
});

describe('what uses a key', () => {
  it('is what names it, and what takes all of the Secret', () => {
    const users = (environment: string, key: string) =>
      usersOf({ environment, key }, 'cart', uses);
    expect(users('staging', 'TOKEN')).toEqual([
      ...['Deployment cart', 'CronJob tidy', 'StatefulSet all'],
    ]);
    expect(users('staging', 'MAYBE')).toEqual([
      ...['Deployment cart', 'StatefulSet all'],
    ]);
    expect(users('staging', 'UNKNOWN')).toEqual(['StatefulSet all']);
    expect(users('production', 'TOKEN')).toEqual([]);
    expect(users('qa', 'TOKEN')).toEqual([]);
  });
});

describe('what is missing', () => {
  const missing = (...items: ReturnType<typeof set>[]) =>
    missingKeys('cart', ['staging', 'qa', 'production'], items, uses).map(
      one => `${one.environment}/${one.key}: ${whyMissing(one)}`,
    );

  it('is what a version needs where it was deployed, and where it will be next', () => {
    expect(
      missing(
        set('staging', 'URL', 'set'),
        set('production', 'URL', 'set'),
        set('staging', 'TOKEN', 'set'),
        set('qa', 'URL', 'deleted'),
      ),
    ).toEqual([
      'qa/URL: Deployment cart of 1.1 needs it (deployed to staging)',
      'qa/TOKEN: Deployment cart and CronJob tidy of 1.1 need it (deployed to staging)',
      'production/TOKEN: Deployment cart and CronJob tidy of 1.1 need it (deployed to staging)',
    ]);
  });

  it('is what a version needs that was only looked at, before it is deployed', () => {
    const looked: DeployedUses = {
      ...{ environment: 'qa', version: '1.2', at: '2026-03-01', checked: true },
      references: [reference({ key: 'LATER' })],
    };
    const all = [...uses, looked];
    const items = ['URL', 'TOKEN'].flatMap(key =>
      ['staging', 'production'].map(name => set(name, key, 'set')),
    );
    expect(
      missingKeys('cart', ['staging', 'qa'], items, all).map(
        one => `${one.environment}/${one.key}: ${whyMissing(one)}`,
      ),
    ).toEqual([
      'staging/LATER: Deployment cart of 1.2 needs it (looked at for qa)',
      'qa/LATER: Deployment cart of 1.2 needs it',
    ]);
    // It does not run there.
    expect(usersOf({ environment: 'qa', key: 'LATER' }, 'cart', all)).toEqual(
      [],
    );
  });

  it('is nothing that is optional, of another Secret, or set', () => {
    const all = ['staging', 'qa', 'production'].flatMap(environment => [
      set(environment, 'URL', 'set'),
      set(environment, 'TOKEN', 'set'),
    ]);
    expect(missing(...all)).toEqual([]);
    // The control.
    expect(missing()).toHaveLength(6);
    expect(missingKeys('cart', ['staging'], [], [])).toEqual([]);
  });

  it('is nothing that the platform makes with a first deployment, before that', () => {
    const [, inStaging] = uses;
    const lookedAt = { ...inStaging, environment: 'production', checked: true };
    const lacking = (all: DeployedUses[]) =>
      missingKeys(
        'cart',
        ['staging', 'production'],
        [set('staging', 'URL', 'set'), set('staging', 'TOKEN', 'set')],
        all,
        { provided: ['URL'] },
      ).map(one => `${one.environment}/${one.key}`);
    expect(lacking([inStaging])).toEqual(['production/TOKEN']);
    expect(lacking([inStaging, lookedAt])).toEqual(['production/TOKEN']);
    // It was deployed there, and lacks it all the same.
    expect(lacking(uses)).toEqual(['production/URL', 'production/TOKEN']);
  });
});
