import { Client } from 'pg';
import { vaultRequest } from '../servers/vaultApi';
import { describeWithSandbox } from './describeWithSandbox';

describeWithSandbox(
  'the shared sandbox',
  ['cluster', 'vault', 'postgres', 'registry', 'git-host'],
  sandbox => {
    it('gives a namespace in which things can be made', async () => {
      const { kubectl, namespace } = await sandbox.cluster();
      await kubectl([
        'create',
        'configmap',
        'settings',
        '--from-literal=colour=green',
      ]);
      const colour = await kubectl([
        'get',
        'configmap',
        'settings',
        '-o',
        'jsonpath={.data.colour}',
      ]);
      expect(colour).toBe('green');
      expect(namespace).toMatch(/^test-/);
    });

    it('gives two suites namespaces that do not see each other', async () => {
      const [one, other] = [await sandbox.cluster(), await sandbox.cluster()];
      await one.kubectl(['create', 'configmap', 'mine']);
      const names = await other.kubectl(['get', 'configmaps', '-o', 'name']);
      expect(names).not.toContain('mine');
    });

    it('gives a KV engine that keeps versions', async () => {
      const { address, mount, token } = await sandbox.vault();
      await vaultRequest(
        address,
        'POST',
        `${mount}/data/a`,
        { data: { value: '1' } },
        token,
      );
      await vaultRequest(
        address,
        'POST',
        `${mount}/data/a`,
        { data: { value: '2' } },
        token,
      );
      const first = await vaultRequest(
        address,
        'GET',
        `${mount}/data/a?version=1`,
        undefined,
        token,
      );
      expect(first).toMatchObject({ data: { data: { value: '1' } } });
    });

    it('gives a database whose owner cannot look into another', async () => {
      const [one, other] = [await sandbox.postgres(), await sandbox.postgres()];
      const client = new Client({ connectionString: one.url });
      await client.connect();
      await client.query('CREATE TABLE notes (text text)');
      await client.end();
      const stranger = new Client({ ...other, database: one.database });
      await stranger.connect();
      await expect(stranger.query('SELECT * FROM notes')).rejects.toThrow(
        /permission denied/,
      );
      await stranger.end();
    });

    it('gives a registry that answers for an image that is not there', async () => {
      const { address, prefix } = await sandbox.registry();
      const path = prefix.slice(prefix.indexOf('/') + 1);
      const response = await fetch(
        `${address}/v2/${path}/api/manifests/latest`,
        { method: 'HEAD' },
      );
      expect(response.status).toBe(404);
    });

    it('gives an organisation in which repositories are created', async () => {
      const { request, organization } = await sandbox.gitHost();
      await request('POST', `orgs/${organization}/repos`, {
        name: 'api',
        auto_init: true,
        default_branch: 'main',
      });
      const readme = await request(
        'GET',
        `repos/${organization}/api/contents/README.md`,
      );
      expect(readme).toMatchObject({ name: 'README.md' });
    });
  },
);

describeWithSandbox('a simulated node', ['simulated-node'], sandbox => {
  const deployment = (name: string, annotations: object) =>
    JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name }, annotations },
          spec: {
            containers: [{ name: 'main', image: 'registry.invalid/main:1' }],
          },
        },
      },
    });

  it('makes a Deployment available', async () => {
    const { kubectl } = await sandbox.cluster();
    await kubectl(['apply', '-f', '-'], deployment('well', {}));
    const said = await kubectl([
      'wait',
      '--for=condition=Available',
      'deployment/well',
      '--timeout=30s',
    ]);
    expect(said).toContain('condition met');
  });

  it('takes as long as is asked for until a pod is ready', async () => {
    const { kubectl } = await sandbox.cluster();
    await kubectl(
      ['apply', '-f', '-'],
      deployment('slow', { 'sandbox.platform.myorg.com/ready-after': '3s' }),
    );
    const waiting = [
      ...['wait', '--for=condition=Available', 'deployment/slow'],
    ];
    await expect(kubectl([...waiting, '--timeout=1s'])).rejects.toThrow();
    expect(await kubectl([...waiting, '--timeout=30s'])).toContain(
      'condition met',
    );
  });

  it.each([
    ['image-pull-error', 'ImagePullBackOff'],
    ['crash-loop', 'CrashLoopBackOff'],
    ['crash-later', 'CrashLoopBackOff'],
  ])(
    'lets a pod fail by %s where that is asked for',
    async (outcome, reason) => {
      const { kubectl } = await sandbox.cluster();
      await kubectl(
        ['apply', '-f', '-'],
        deployment('ill', { 'sandbox.platform.myorg.com/outcome': outcome }),
      );
      const path =
        '{.items[*].status.containerStatuses[*].state.waiting.reason}';
      await expect(
        kubectl([
          'wait',
          'pod',
          '--selector=app=ill',
          '--timeout=30s',
          `--for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=${reason}`,
        ]),
      ).resolves.toBeDefined();
      expect(await kubectl(['get', 'pods', '-o', `jsonpath=${path}`])).toBe(
        `${reason} ${reason}`,
      );
    },
  );
});
