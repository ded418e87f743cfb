import { mkdir } from 'node:fs/promises';
import { stringify } from 'yaml';
import { writeOwnFile } from '../machine/files';
import { answers } from './http';
import { ServerDefinition } from './Server';

export const registry: ServerDefinition = {
  name: 'registry',
  title: 'Container images',
  programs: ['registry'],
  needs: [],
  address: connection => connection.registry.address,
  async setUp({ paths }) {
    await mkdir(paths.data('registry'), { recursive: true, mode: 0o700 });
  },
  async command(context) {
    const { connection, paths } = context;
    const config = paths.run('registry.yml');
    await writeOwnFile(
      config,
      stringify({
        version: 0.1,
        log: { level: 'warn', accesslog: { disabled: true } },
        storage: {
          filesystem: { rootdirectory: paths.data('registry') },
          delete: { enabled: true },
        },
        http: { addr: connection.registry.host },
      }),
    );
    return {
      command: context.program('registry').binary('docker-registry'),
      args: ['serve', config],
      env: { OTEL_TRACES_EXPORTER: 'none' },
    };
  },
  ready: ({ connection }) => answers(`${connection.registry.address}/v2/`),
};
