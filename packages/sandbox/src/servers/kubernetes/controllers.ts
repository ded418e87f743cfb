import { issue } from '../../connection/certificates';
import { authorityOf } from '../../connection/settle';
import { answersTls } from '../http';
import { ServerDefinition } from '../Server';
import {
  authorityFile,
  certificateFiles,
  componentKubeconfig,
  serviceAccountKey,
} from './files';

export const controllerManager: ServerDefinition = {
  name: 'kube-controller-manager',
  title: 'Brings about what the API is asked for',
  programs: ['kubernetes'],
  needs: ['kube-apiserver'],
  async command(context) {
    const { connection } = context;
    const config = await componentKubeconfig(
      context,
      'controller-manager.kubeconfig',
      {
        name: 'system:kube-controller-manager',
      },
    );
    const serving = await certificateFiles(
      context,
      'controller-manager',
      await issue(await authorityOf(context.paths), {
        name: 'kube-controller-manager',
        hosts: ['127.0.0.1'],
      }),
    );
    return {
      command: context.program('kubernetes').binary('kube-controller-manager'),
      args: [
        `--kubeconfig=${config}`,
        `--authentication-kubeconfig=${config}`,
        `--authorization-kubeconfig=${config}`,
        '--bind-address=127.0.0.1',
        `--secure-port=${connection.ports.controllerManager}`,
        `--tls-cert-file=${serving.certificate}`,
        `--tls-private-key-file=${serving.key}`,
        `--root-ca-file=${await authorityFile(context)}`,
        `--service-account-private-key-file=${await serviceAccountKey(
          context,
        )}`,
        '--use-service-account-credentials',
        '--leader-elect=false',
        // With the usual limits a Deployment takes twice as long to become available.
        '--kube-api-qps=500',
        '--kube-api-burst=1000',
        '--concurrent-namespace-syncs=50',
        '--profiling=false',
      ],
    };
  },
  ready: context =>
    answersTls(
      context,
      `https://127.0.0.1:${context.connection.ports.controllerManager}/healthz`,
    ),
};

export const scheduler: ServerDefinition = {
  name: 'kube-scheduler',
  title: 'Gives pods a node',
  programs: ['kubernetes'],
  needs: ['kube-apiserver'],
  async command(context) {
    const { connection } = context;
    const config = await componentKubeconfig(context, 'scheduler.kubeconfig', {
      name: 'system:kube-scheduler',
    });
    const serving = await certificateFiles(
      context,
      'scheduler',
      await issue(await authorityOf(context.paths), {
        name: 'kube-scheduler',
        hosts: ['127.0.0.1'],
      }),
    );
    return {
      command: context.program('kubernetes').binary('kube-scheduler'),
      args: [
        `--kubeconfig=${config}`,
        `--authentication-kubeconfig=${config}`,
        `--authorization-kubeconfig=${config}`,
        '--bind-address=127.0.0.1',
        `--secure-port=${connection.ports.scheduler}`,
        `--tls-cert-file=${serving.certificate}`,
        `--tls-private-key-file=${serving.key}`,
        '--leader-elect=false',
        '--kube-api-qps=500',
        '--kube-api-burst=1000',
        '--profiling=false',
      ],
    };
  },
  ready: context =>
    answersTls(
      context,
      `https://127.0.0.1:${context.connection.ports.scheduler}/healthz`,
    ),
};
