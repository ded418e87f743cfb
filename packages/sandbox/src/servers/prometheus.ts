import { mkdir } from 'node:fs/promises';
import { stringify } from 'yaml';
import { writeOwnFile } from '../machine/files';
import { answers } from './http';
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
      context.connection.kubernetes.portalToken,
    );
    await writeOwnFile(
      context.paths.run('authority.crt'),
      context.connection.kubernetes.ca,
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
 * Scrapes /metrics of each pod that belongs to a service and has a port called "http", as the services' own
 * ServiceMonitors ask for. Pods on a simulated node have no address that answers, so there it stays without targets.
 */
function scrapeConfig({ connection, paths }: ServerContext) {
  const access = {
    api_server: connection.kubernetes.server,
    authorization: { credentials_file: paths.run('prometheus.token') },
    tls_config: { ca_file: paths.run('authority.crt') },
  };
  const service = '__meta_kubernetes_pod_label_app_kubernetes_io_name';
  const meta = (label: string) => `__meta_kubernetes_${label}`;
  return {
    global: { scrape_interval: '5s', evaluation_interval: '5s' },
    scrape_configs:
      connection.node.kind === 'simulated'
        ? []
        : [
            {
              job_name: 'pods',
              kubernetes_sd_configs: [{ role: 'pod', ...access }],
              relabel_configs: [
                {
                  source_labels: [meta('pod_container_port_name')],
                  regex: 'http',
                  action: 'keep',
                },
                {
                  source_labels: [service],
                  regex: '.+',
                  action: 'keep',
                },
                {
                  source_labels: [meta('namespace')],
                  target_label: 'namespace',
                },
                { source_labels: [meta('pod_name')], target_label: 'pod' },
                {
                  source_labels: [service],
                  target_label: 'service',
                },
              ],
            },
          ],
  };
}
