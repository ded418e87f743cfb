import { Client } from 'pg';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConnection } from '../connection/settle';
import { SandboxPaths } from '../machine/paths';
import { identify, waitUntil } from '../machine/processes';
import { openState } from '../machine/unprivileged';
import { giteaRequest } from '../servers/giteaApi';
import { readVaultRoot, vaultRequest } from '../servers/vaultApi';
import { AppRole, portalAppRoles, portalRoles } from '../servers/vaultRoles';
import { describeWithSandbox } from '../testing';
import { processesOf } from './__testUtils__/servers';
import { SandboxClient } from './client';

jest.setTimeout(300_000);

// A sandbox of its own, of the servers that start quickest; that there is a shared one says that they are prepared.
describeWithSandbox(
  'a sandbox as a person runs it',
  ['vault', 'postgres', 'git-host'],
  () => {
    const args = [
      '--node=simulated',
      '--only',
      'vault',
      'postgres',
      'registry',
      'gitea',
    ];
    const left: Array<() => Promise<void>> = [];
    afterAll(async () => {
      for (const remove of left) await remove();
    });

    /** A sandbox of its own for each test, so that they can wait side by side. */
    async function newSandbox() {
      const folder = await mkdtemp(join(tmpdir(), 'highroad-lifecycle-'));
      const client = new SandboxClient(new SandboxPaths(join(folder, 'state')));
      left.push(async () => {
        await client.reset();
        await rm(folder, { recursive: true, force: true });
      });
      return {
        client,
        async start() {
          const started = await client.start(args);
          await client.untilAnswering({ withinMs: 60_000 });
          return {
            started,
            connection: (await readConnection(client.paths))!,
          };
        },
        async killSupervisor() {
          const { pid } = JSON.parse(
            await readFile(client.paths.supervisor, 'utf8'),
          );
          process.kill(pid, 'SIGKILL');
          // A signal takes a moment.
          await waitUntil(() => identify(pid) === undefined, {
            withinMs: 5000,
          });
        },
      };
    }

    it.concurrent(
      'keeps what it was given over stop and start, and forgets it on a reset',
      async () => {
        const { client, start } = await newSandbox();
        const { connection } = await start();
        const { rootToken } = await readVaultRoot(connection.vault.rootFile);
        await vaultRequest(
          connection.vault.address,
          'POST',
          'secret/data/a',
          { data: { value: '1' } },
          rootToken,
        );
        const database = new Client({
          connectionString: connection.postgres.url,
        });
        await database.connect();
        await database.query('CREATE TABLE kept (n int)');
        await database.end();

        await client.stop();
        const again = await start();
        expect(again.connection).toEqual(connection);
        expect(
          await vaultRequest(
            connection.vault.address,
            'GET',
            'secret/data/a',
            undefined,
            rootToken,
          ),
        ).toMatchObject({ data: { data: { value: '1' } } });
        const later = new Client({
          connectionString: again.connection.postgres.url,
        });
        await later.connect();
        await expect(later.query('SELECT * FROM kept')).resolves.toBeDefined();
        await later.end();

        await client.reset();
        expect(existsSync(client.paths.state)).toBe(false);
        expect(await processesOf(client.paths)).toEqual([]);
      },
    );

    it.concurrent(
      'lets the portal sign in to Vault as each of its roles, and as no other',
      async () => {
        const { start } = await newSandbox();
        const { connection } = await start();
        const signIn = ({ roleId, secretId }: AppRole) =>
          vaultRequest(connection.vault.address, 'POST', 'auth/approle/login', {
            role_id: roleId,
            secret_id: secretId,
          });
        const appRoles = portalAppRoles(connection.vault);
        for (const role of portalRoles) {
          expect(await signIn(appRoles[role])).toMatchObject({
            auth: { policies: ['default', `highroad-portal-${role}`] },
          });
        }
        await expect(signIn(connection.vault)).rejects.toThrow('invalid role');
      },
    );

    it.concurrent('reuses what runs when it is started twice', async () => {
      const { client, start } = await newSandbox();
      await start();
      const before = (await processesOf(client.paths)).sort();
      const { started } = await start();
      expect(started).toBe(false);
      expect((await processesOf(client.paths)).sort()).toEqual(before);
    });

    it.concurrent(
      'leaves no process when it is stopped after its supervisor was killed',
      async () => {
        const { client, start, killSupervisor } = await newSandbox();
        await start();
        expect((await processesOf(client.paths)).length).toBeGreaterThan(2);
        await killSupervisor();
        expect(await client.isRunning()).toBe(false);
        expect((await processesOf(client.paths)).length).toBeGreaterThan(2);

        expect(await client.stop()).toBe('leftovers-ended');
        expect(await processesOf(client.paths)).toEqual([]);
        expect(await client.stop()).toBe('nothing-ran');
      },
    );

    it.concurrent(
      'starts again after its supervisor was killed, with what it had',
      async () => {
        const { start, killSupervisor } = await newSandbox();
        const { connection } = await start();
        await killSupervisor();
        const again = await start();
        expect(again.started).toBe(true);
        expect(again.connection).toEqual(connection);
      },
    );

    it.concurrent.each([
      ['PostgreSQL', 'data/postgres', /\.new-/],
      ['PostgreSQL', join('data/postgres', 'data'), /^postmaster.pid$/],
      ['Vault', 'data/vault', /^initialising$/],
      ['Vault', 'data/vault', /^root.json$/],
      ['Gitea', 'data/gitea', /^gitea.db$/],
      ['Gitea', 'data/gitea', /^bot-made$/],
    ])(
      'comes up after its supervisor was killed in the first set-up of %s, once %s held %s',
      async (_, within, name) => {
        const { client, start, killSupervisor } = await newSandbox();
        await client.start(args);
        const places = [
          join(client.paths.state, within),
          // PostgreSQL's, where its user cannot get to the sandbox's own folder.
          openState(client.paths),
          join(openState(client.paths), 'postgres'),
        ];
        await waitUntil(
          async () => {
            const names = await Promise.all(
              places.map(place => readdir(place).catch(() => [])),
            );
            return names.flat().some(one => name.test(one));
          },
          { withinMs: 60_000, everyMs: 1 },
        );
        await killSupervisor();
        const { connection } = await start();
        await expect(
          giteaRequest(connection.gitea, 'GET', 'orgs/highroad'),
        ).resolves.toMatchObject({ name: 'highroad' });
        const database = new Client({
          connectionString: connection.postgres.url,
        });
        await database.connect();
        await database.end();
        await client.stop();
        expect(await processesOf(client.paths)).toEqual([]);
      },
    );
  },
);
