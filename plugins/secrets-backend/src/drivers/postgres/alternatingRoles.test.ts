import { SecretValue } from '@highroad/plugin-platform-common';
import {
  roleMark,
  standingOwner,
} from '@highroad/plugin-platform-node/postgres';
import { Client } from 'pg';
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

describe('confirming what is kept', () => {
  const whose = { service: 'component:default/cart', environment: 'staging' };
  const ours = roleMark({ owner: standingOwner(whose) });
  const forOther = `${ours} for READ_URL 1`;
  const made = 'A1'.repeat(20);
  /** @returns what the server is told to change. @param comment - what the role in the address says */
  const confirm = async (value: string, comment: string | null) => {
    const servers = new PostgresServers([
      { name: 'main', url: 'postgres://host' },
    ]);
    const told: string[] = [];
    const client = Object.assign(new Client(), {
      async query(text: string) {
        if (text.startsWith('DO ')) told.push(text);
        return { rows: [{ comment, powerful: false }] };
      },
    });
    jest
      .spyOn(servers, 'connected')
      .mockImplementation((_server, _as, work) => work(client));
    await alternatingRoles(servers).confirm?.({
      ...{ ...whose, key: 'DATABASE_URL', fence: 1 },
      settings: { server: 'main' },
      current: new SecretValue(value),
      signal: AbortSignal.timeout(1_000),
    });
    return told;
  };

  it('has a password work that was made for the key', async () => {
    const address = `postgres://cart_a:${made}@host/cart`;
    for (const comment of [ours, `${ours} for DATABASE_URL 1`]) {
      expect(await confirm(address, comment)).toEqual([
        expect.stringMatching(/ALTER ROLE "?cart_a"? LOGIN PASSWORD/),
      ]);
    }
  });

  it.each([
    ['is no address', 'hunter2', ours],
    ['names no role that takes turns', `postgres://cart:${made}@host`, ours],
    ['has a password of its own', 'postgres://cart_a:own@host/cart', ours],
    ['names nobody’s role', `postgres://cart_a:${made}@host/cart`, null],
    ['is of another server', `postgres://cart_a:${made}@host2/cart`, ours],
    ['names another key’s role', `postgres://cart_a:${made}@host`, forOther],
  ])('leaves alone what %s', async (_, value, comment) => {
    expect(await confirm(value, comment)).toEqual([]);
  });
});
