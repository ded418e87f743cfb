import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settleConnection } from '../connection/settle';
import { SandboxPaths } from '../machine/paths';
import { waitUntil } from '../machine/processes';
import { Journal } from '../supervisor/Journal';
import { Supervisor } from '../supervisor/Supervisor';
import { describeWithSandbox } from '../testing';
import { elsewhereFrom } from './elsewhere';
import { definitionsFor } from './index';

describe('elsewhereFrom', () => {
  it('takes nothing from an environment that names nothing', () => {
    const found = Object.values(elsewhereFrom({ PATH: '/bin' }));
    expect(found.every(one => one === undefined)).toBe(true);
  });

  it('reads the parts of a database address', () => {
    const { postgres } = elsewhereFrom({
      HIGHROAD_SANDBOX_POSTGRES_URL:
        'postgresql://me:p%40ss@127.0.0.1:5433/postgres',
    });
    expect(postgres).toMatchObject({
      host: '127.0.0.1',
      port: 5433,
      user: 'me',
      password: 'p@ss',
    });
  });

  it.each([
    ['127.0.0.1', undefined],
    ['localhost', undefined],
    ['db.example.com', 'db.example.com'],
  ])('knows whether pods reach what is at %s', (host, fromPods) => {
    const { postgres, vault } = elsewhereFrom({
      HIGHROAD_SANDBOX_POSTGRES_URL: `postgresql://me:pass@${host}:5433/x`,
      HIGHROAD_SANDBOX_VAULT_ADDR: `https://${host}:8200/`,
      HIGHROAD_SANDBOX_VAULT_TOKEN: 't',
    });
    expect(postgres?.hostFromPods).toBe(fromPods);
    expect(vault?.addressFromPods).toBe(fromPods && `https://${fromPods}:8200`);
  });

  it.each([
    [
      { HIGHROAD_SANDBOX_VAULT_ADDR: 'http://127.0.0.1:8200' },
      'HIGHROAD_SANDBOX_VAULT_TOKEN is missing',
    ],
    [
      { HIGHROAD_SANDBOX_REGISTRY_URL: 'my registry' },
      'HIGHROAD_SANDBOX_REGISTRY_URL is not an address',
    ],
  ])('names the variable that is wrong in %p', (env, message) => {
    expect(() => elsewhereFrom(env)).toThrow(message);
  });
});

describeWithSandbox(
  'servers that run elsewhere',
  ['postgres', 'registry', 'git-host'],
  shared => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'highroad-elsewhere-'));
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    async function statusOf(
      env: NodeJS.ProcessEnv,
      name: string,
      state: string,
    ) {
      const paths = new SandboxPaths(
        join(folder, 'state'),
        join(folder, 'cache'),
      );
      const elsewhere = elsewhereFrom(env);
      const connection = await settleConnection(
        paths,
        { kind: 'simulated', why: 'test' },
        elsewhere,
      );
      const supervisor = new Supervisor({
        paths,
        connection,
        definitions: definitionsFor('simulated', [name], elsewhere),
        journal: new Journal(paths.journal),
      });
      supervisor.start();
      try {
        await waitUntil(
          async () => (await supervisor.status()).servers[0].state === state,
          { withinMs: 15_000 },
        );
        return (await supervisor.status()).servers[0];
      } finally {
        await supervisor.stop();
      }
    }

    it('are used, and neither prepared nor started', async () => {
      const { url } = await shared.postgres();
      const status = await statusOf(
        { HIGHROAD_SANDBOX_POSTGRES_URL: url },
        'postgres',
        'answering',
      );
      expect(status).toMatchObject({ state: 'answering', origin: 'elsewhere' });
      expect(status.pid).toBeUndefined();
    });

    it('are waited for, with the reason, while they do not answer', async () => {
      const status = await statusOf(
        { HIGHROAD_SANDBOX_POSTGRES_URL: 'postgresql://a:b@127.0.0.1:9/x' },
        'postgres',
        'restarting',
      );
      expect(status.problem).toMatch(/ECONNREFUSED/);
    });
  },
);
