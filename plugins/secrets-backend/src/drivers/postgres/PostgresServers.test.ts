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
});
