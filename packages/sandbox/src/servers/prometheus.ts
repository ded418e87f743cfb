import { mkdir } from 'node:fs/promises';
import { stringify } from 'yaml';
import { writeOwnFile } from '../machine/files';
import { answers } from './http';
import { TARGETS_PATH } from './podTargets';
import { ServerContext, ServerDefinition } from './Server';

export const prometheus: ServerDefinition = {
  name: 'prometheus',
  title: 'Metrics of what runs in the cluster',
  programs: ['prometheus'],
  needs: ['cluster'],
  address: connection => connection.prometheus.address,
  async setUp(context) {
    await mkdir(context.paths.data('prometheus'), {
      recursive: true,
      mode: 0o700,
    });
    await writeOwnFile(configFile(context), stringify(scrapeConfig(context)));
    await writeOwnFile(
      context.paths.run('prometheus.token'),
      context.connection.supervisorToken,
    );
  },
  command: context => ({
    command: context.program('prometheus').binary('prometheus'),
    args: [
      `--config.file=${configFile(context)}`,
      `--storage.tsdb.path=${context.paths.data('prometheus')}`,
      '--storage.tsdb.retention.time=7d',
      `--web.listen-address=127.0.0.1:${context.connection.ports.prometheus}`,
      '--web.enable-remote-write-receiver',
      '--log.level=warn',
    ],
    cwd: context.paths.data('prometheus'),
  }),
  ready: ({ connection }) =>
    answers(`${connection.prometheus.address}/-/ready`),
};

function configFile({ paths }: ServerContext): string {
  return paths.run('prometheus.yml');
}

/**
 * Scrapes the pods that the supervisor lists: Debian's build of Prometheus does not know Kubernetes by itself. Pods on a
 * simulated node have no address that answers, so there it stays without targets.
 */
function scrapeConfig({ connection, paths }: ServerContext) {
  return {
    global: { scrape_interval: '5s', evaluation_interval: '5s' },
    scrape_configs:
      connection.node.kind === 'simulated'
        ? []
        : [
            {
              job_name: 'pods',
              http_sd_configs: [
                {
                  url: `http://127.0.0.1:${connection.ports.supervisor}${TARGETS_PATH}`,
                  refresh_interval: '5s',
                  // Debian's build takes no type for granted.
                  authorization: {
                    type: 'Bearer',
                    credentials_file: paths.run('prometheus.token'),
                  },
                },
              ],
            },
          ],
  };
}
