import { secretOperations } from '@highroad/plugin-secrets-common';
import { Generators } from './Generators';
import { planned } from './planned';
import { randomGenerator } from './randomGenerator';

const at = new Date('2026-11-30T05:00:00Z');
const plan = (asked: object) => {
  const generators = new Generators();
  generators.addGenerator('random', randomGenerator);
  generators.addGenerator('turns', {
    ...randomGenerator,
    accept: settings => settings,
    retire: async () => {},
  });
  const input = secretOperations.planRotation.input.parse({
    ...{ service: 'component:default/cart', environment: 'staging', key: 'A' },
    ...asked,
  });
  return planned(input, generators, at);
};

describe('a plan of a rotation', () => {
  it('says when a value would be replaced first, and whether the one before goes on working', () => {
    expect(plan({ everyDays: 30 })).toMatchObject({
      ...{ dueAt: '2026-12-30T05:00:00.000Z', overlaps: false },
      rule: { settings: { length: 32, alphabet: 'alphanumeric' } },
    });
    expect(
      plan({
        ...{ cron: '0 3 * * 0', timeZone: 'Europe/Berlin' },
        ...{ generator: 'turns', settings: { server: 'main' } },
      }),
    ).toMatchObject({
      ...{ dueAt: '2026-12-06T02:00:00.000Z', overlaps: true },
      rule: { settings: { server: 'main' } },
    });
  });

  it.each([
    [{}, /^everyDays or cron: /],
    [{ everyDays: 1, generator: 'turns', overlapHours: 24 }, /^overlapHours: /],
    [{ cron: 'now' }, /^cron: /],
    [{ everyDays: 1, timeZone: 'Mars' }, /^timeZone: /],
    [{ everyDays: 1, window: { from: '02:00', to: '02:00' } }, /^window: /],
    [{ everyDays: 1, generator: 'turn' }, /did you mean "turns"/],
  ])('of %j names what cannot be meant', (asked, message) => {
    expect(() => plan(asked)).toThrow(message);
  });
});
