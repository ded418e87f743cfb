import { describeWithSandbox } from '@highroad/sandbox/testing';
import { AccessWalk } from './__testUtils__/access/AccessWalk';
import { readAccessTable } from './__testUtils__/access/accessTable';
import {
  accessConfig,
  ADMIN,
  SERVICE,
  TOKENS,
} from './__testUtils__/access/callers';
import { inputsFor, ofKey } from './__testUtils__/access/inputs';
import {
  NO_CLUSTER,
  startWholeBackend,
  WholeBackend,
} from './__testUtils__/wholeBackend';

jest.setTimeout(300_000);

/** As in the test of all operations, and here each that is allowed is done in Vault. */
describeWithSandbox('who may do what with secrets', ['vault'], sandbox => {
  let backend: WholeBackend;
  let walk: AccessWalk;

  const ask = async (path: string, body: object) => {
    const response = await walk.post(`secrets/v1/${path}`, ADMIN, {
      ...{ service: SERVICE, ...ofKey, ...body },
    });
    const answer = await response.text();
    expect({ path, ok: response.ok, answer }).toMatchObject({ ok: true });
  };
  /** The secret is there as if nobody had called before, or deleted, or replaced by itself. */
  const before = async (operation: string) => {
    const [, name] = operation.split('.');
    const environment = name === 'reveal-production' ? 'production' : 'staging';
    await ask('secrets', { environment, value: 'postgres://none' });
    if (name === 'undelete') await ask('deletions', {});
    if (name === 'end-rotation') await ask('rotations', { everyDays: 30 });
  };

  beforeAll(async () => {
    const vault = await sandbox.ownVault();
    backend = await startWholeBackend({
      tokens: TOKENS,
      platform: {
        vault: { url: vault.address, auth: vault.appRoles },
        clusters: [NO_CLUSTER],
        environments: ['staging', 'testing', 'production'].map(name => ({
          ...{ name, cluster: 'none' },
        })),
        access: accessConfig,
      },
    });
    walk = await AccessWalk.start({
      ...{ backend, before, cannotBeDone: {} },
      inputs: () => inputsFor({}),
    });
  }, 300_000);
  afterAll(() => backend?.stop(), 120_000);

  it.each(
    readAccessTable().filter(line => line.operation.startsWith('secrets.')),
  )('lets those who may: $wish', async line => {
    expect(await walk.seen(line)).toEqual(await walk.wanted(line));
  });
});
