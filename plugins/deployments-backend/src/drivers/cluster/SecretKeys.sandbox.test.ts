import { ClusterAccess } from '@highroad/plugin-platform-node/kubernetes';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { SecretKeys } from './SecretKeys';

describeWithSandbox('keys of Secrets in a cluster', ['cluster'], sandbox => {
  it('are told without the values, whoever set them', async () => {
    const cluster = await sandbox.cluster();
    const { namespace, kubectl } = cluster;
    const keys = new SecretKeys({
      access: new ClusterAccess([
        { name: 'test', kubeconfig: cluster.kubeconfig },
      ]),
    });
    const of = (secret: string) => keys.of('test', { namespace, secret });
    expect(await of('cart')).toBeUndefined();

    await kubectl([
      ...['create', 'secret', 'generic', 'cart', '--from-literal=A=1'],
      ...['--namespace', namespace],
    ]);
    const more = {
      ...{ apiVersion: 'v1', kind: 'Secret' },
      metadata: { name: 'cart', namespace },
      stringData: { 'b.key': '2' },
    };
    await kubectl(
      ['apply', '--server-side', '--field-manager=somebody', '-f', '-'],
      JSON.stringify(more),
    );
    expect(await of('cart')).toEqual(new Set(['A', 'b.key']));

    const gone = '[{"op":"remove","path":"/data/A"}]';
    await kubectl([
      ...['patch', 'secret', 'cart', '--type=json', `--patch=${gone}`],
      ...['--namespace', namespace],
    ]);
    expect(await of('cart')).toEqual(new Set(['b.key']));
  });

  it('are not guessed where the cluster does not say', async () => {
    const access = new ClusterAccess([
      { name: 'gone', url: 'http://127.0.0.1:9', token: 'none' },
    ]);
    await expect(
      new SecretKeys({ access }).of('gone', { namespace: 'x', secret: 'y' }),
    ).rejects.toThrow(/cannot be seen which Secrets x has/);
  });
});
