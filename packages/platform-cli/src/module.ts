import { createCliModule } from '@backstage/cli-node';
import packageJson from '../package.json';
import { commands } from './commands';

/** The same commands for a company's own Backstage command line. */
export default createCliModule({
  packageJson,
  init: async registry => {
    for (const { path, summary } of commands) {
      registry.addCommand({
        path,
        description: summary,
        execute: {
          loader: async () => {
            const { runPlatform } = await import('./runPlatform');
            return {
              default: async ({ args }) => {
                process.exitCode = await runPlatform([...path, ...args]);
              },
            };
          },
        },
      });
    }
  },
});
