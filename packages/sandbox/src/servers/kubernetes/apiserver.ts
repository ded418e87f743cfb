import { issue } from '../../connection/certificates';
import { authorityOf } from '../../connection/settle';
import { writeOwnFile } from '../../machine/files';
import { answersTls } from '../http';
import { ServerContext, ServerDefinition } from '../Server';
import { authorityFile, certificateFiles, serviceAccountKey } from './files';

/** First address of the services' range: the API server as pods see it. */
const SERVICE_RANGE = '10.96.0.0/16';
const OWN_SERVICE = '10.96.0.1';

export const apiserver: ServerDefinition = {
  name: 'kube-apiserver',
  title: 'The Kubernetes API',
  programs: ['kubernetes', 'etcd'],
  needs: ['etcd', 'bridge'],
  address: ({ kubernetes }) => kubernetes.server,
  async command(context) {
    const { connection, paths } = context;
    const { kubernetes, ports, node } = connection;
    const files = await writeFiles(context);
    const real = node.kind === 'real';
    return {
      command: context.program('kubernetes').binary('kube-apiserver'),
      args: [
        `--etcd-servers=https://127.0.0.1:${ports.etcd}`,
        `--etcd-cafile=${files.authority}`,
        `--etcd-certfile=${files.etcdClient.certificate}`,
        `--etcd-keyfile=${files.etcdClient.key}`,
        `--bind-address=${kubernetes.host}`,
        `--advertise-address=${kubernetes.host}`,
        `--secure-port=${ports.kubernetes}`,
        // A loopback address is no endpoint that a pod could reach; a bridge is.
        `--endpoint-reconciler-type=${real ? 'lease' : 'none'}`,
        `--tls-cert-file=${files.serving.certificate}`,
        `--tls-private-key-file=${files.serving.key}`,
        `--client-ca-file=${files.authority}`,
        `--token-auth-file=${files.tokens}`,
        `--service-cluster-ip-range=${SERVICE_RANGE}`,
        '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
        `--service-account-key-file=${files.serviceAccounts}`,
        `--service-account-signing-key-file=${files.serviceAccounts}`,
        '--authorization-mode=Node,RBAC',
        '--enable-admission-plugins=NodeRestriction',
        '--allow-privileged=true',
        '--anonymous-auth=false',
        '--profiling=false',
        '--kubelet-preferred-address-types=InternalIP',
        `--kubelet-client-certificate=${files.kubeletClient.certificate}`,
        `--kubelet-client-key=${files.kubeletClient.key}`,
        `--kubelet-certificate-authority=${files.authority}`,
        `--cert-dir=${paths.run('apiserver')}`,
      ],
    };
  },
  ready: context =>
    answersTls(
      context,
      `${context.connection.kubernetes.server}/readyz`,
      undefined,
      context.connection.kubernetes.adminToken,
    ),
  readyWithinSeconds: 120,
  stopWithinSeconds: 20,
};

async function writeFiles(context: ServerContext) {
  const { connection, paths } = context;
  const authority = await authorityOf(paths);
  const tokens = paths.run('tokens.csv');
  const { adminToken, portalToken } = connection.kubernetes;
  await writeOwnFile(
    tokens,
    `${adminToken},admin,admin,"system:masters"\n${portalToken},highroad,highroad,"highroad:portal"\n`,
  );
  return {
    tokens,
    authority: await authorityFile(context),
    serviceAccounts: await serviceAccountKey(context),
    serving: await certificateFiles(
      context,
      'apiserver',
      await issue(authority, {
        name: 'kube-apiserver',
        hosts: [
          ...new Set(['127.0.0.1', connection.kubernetes.host]),
          OWN_SERVICE,
          'localhost',
          'kubernetes',
          'kubernetes.default',
          'kubernetes.default.svc',
          'kubernetes.default.svc.cluster.local',
        ],
      }),
    ),
    etcdClient: await certificateFiles(
      context,
      'apiserver-etcd',
      await issue(authority, { name: 'kube-apiserver' }),
    ),
    kubeletClient: await certificateFiles(
      context,
      'apiserver-kubelet',
      await issue(authority, {
        name: 'kube-apiserver-kubelet',
        organization: 'system:masters',
      }),
    ),
  };
}
