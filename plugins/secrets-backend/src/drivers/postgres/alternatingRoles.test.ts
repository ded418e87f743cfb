import { alternatingRoles } from './alternatingRoles';
import { PostgresServers } from './PostgresServers';

describe('the settings of roles that take turns', () => {
  const accept = (names: string[], settings: Record<string, string>) =>
    alternatingRoles(
      new PostgresServers(names.map(name => ({ name, url: 'postgres://x' }))),
    ).accept(settings);

  it('need no server where there is one only', () => {
    expect(accept(['main'], {})).toEqual({ server: 'main' });
    expect(accept(['main', 'other'], { server: 'other' })).toEqual({
      server: 'other',
    });
  });

  it.each([
    [['main', 'other'], {}, /settings\.server.*main or other/],
    [['main'], { server: 'mian' }, /did you mean "main"/],
    [[], {}, /to be added under platform\.secrets\.postgres/],
    [['main'], { sever: 'main' }, /settings/],
  ] as const)('of %j refuse %j', (names, settings, why) => {
    expect(() => accept([...names], settings)).toThrow(why);
  });
});
