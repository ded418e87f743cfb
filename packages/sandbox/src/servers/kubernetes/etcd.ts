import { mkdir } from 'node:fs/promises';
import { issue } from '../../connection/certificates';
import { authorityOf } from '../../connection/settle';
import { ServerDefinition } from '../Server';
import { authorityFile, certificateFiles } from './files';
import { answersTls } from '../http';

export const etcd: ServerDefinition = {
  name: 'etcd',
  title: 'Keeps what Kubernetes knows',
  programs: ['etcd'],
  needs: [],
  address: ({ ports }) => `https://127.0.0.1:${ports.etcd}`,
  async setUp(context) {
    await mkdir(context.paths.data('etcd'), { recursive: true, mode: 0o700 });
  },
  async command(context) {
    const { ports } = context.connection;
    const client = `https://127.0.0.1:${ports.etcd}`;
    const peer = `http://127.0.0.1:${ports.etcdPeer}`;
    const authority = await authorityFile(context);
    // Everybody on the machine reaches loopback: only holders of a certificate may read the cluster's secrets.
    const files = await certificateFiles(
      context,
      'etcd',
      await issue(await authorityOf(context.paths), {
        name: 'etcd',
        hosts: ['127.0.0.1', 'localhost'],
      }),
    );
    return {
      command: context.program('etcd').binary('etcd'),
      args: [
        `--data-dir=${context.paths.data('etcd')}`,
        '--name=sandbox',
        `--listen-client-urls=${client}`,
        `--advertise-client-urls=${client}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=sandbox=${peer}`,
        `--cert-file=${files.certificate}`,
        `--key-file=${files.key}`,
        `--trusted-ca-file=${authority}`,
        '--client-cert-auth',
        '--auto-compaction-retention=1h',
        '--log-level=warn',
        // A try-out's state survives its own stop; a power cut may cost it the last moments.
        '--unsafe-no-fsync',
      ],
    };
  },
  ready: async context =>
    answersTls(
      context,
      `https://127.0.0.1:${context.connection.ports.etcd}/health`,
      'etcd',
    ),
};
