import { ConfigReader } from '@backstage/config';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { PostgresServers } from './PostgresServers';

describe('servers of PostgreSQL', () => {
  it('whose address is none are named, and nothing of what is there instead', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'highroad-postgres-'));
    const urlFile = join(folder, 'address');
    await writeFile(urlFile, 'cart:pw-4711@host/cart');
    const servers = new PostgresServers([
      { name: 'main', urlFile },
      { name: 'other', url: 'postgres://cart:pw-4711@:5432:/cart' },
    ]);
    for (const [name, place] of [
      ['main', urlFile],
      ['other', 'platform.secrets.postgres'],
    ]) {
      const error = await servers
        .connected(name, {}, async () => {})
        .catch(thrown => thrown);
      expect(error.message).toMatch(/The address of .* is none/);
      expect(error.message).toContain(place);
      expect(inspect(error)).not.toContain('4711');
    }
    await rm(folder, { recursive: true });
  });

  it.each([
    ['db', true],
    ['DB:5432', true],
    ['db:5433', false],
    ['db2', false],
    ['pods.example.com', true],
    ['pods.example.com:6432', false],
    ['pool:6432', true],
    ['pool', false],
    ['[fd00::1]', true],
  ])('know an address at %s for their own, or not: %s', async (host, own) => {
    const servers = new PostgresServers([
      {
        ...{ name: 'main', url: 'postgres://admin:x@db/postgres' },
        hosts: ['pods.example.com', 'pool:6432', '[fd00::1]'],
      },
    ]);
    const address = new URL(`postgres://cart:x@${host}/cart`);
    expect(await servers.isOf('main', address)).toBe(own);
  });

  it.each(['host=db2', 'hostaddr=10.1.2.3', 'port=5433', 'user=postgres'])(
    'do not know one for their own that says "%s" behind its path',
    async said => {
      const servers = new PostgresServers([
        { name: 'main', url: 'postgres://admin:x@db/postgres' },
      ]);
      const address = new URL(`postgres://cart:x@db/cart?${said}`);
      expect(await servers.isOf('main', address)).toBe(false);
    },
  );

  it('say which host of the configuration is none', () => {
    const config = new ConfigReader({
      platform: {
        secrets: {
          postgres: [
            { name: 'main', url: 'postgres://db', hosts: ['postgres://db'] },
          ],
        },
      },
    });
    expect(() => PostgresServers.fromConfig(config)).toThrow(
      /platform\.secrets\.postgres\S*hosts.*write a host such as/s,
    );
  });
});
