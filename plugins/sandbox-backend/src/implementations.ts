import { Implementations } from '@highroad/plugin-platform-node';
import {
  headline,
  podsSentence,
  sandboxOperations,
} from '@highroad/plugin-sandbox-common';
import { SandboxService } from './service/SandboxService';

/** What waits for something new ends when the asker has gone. */
export function implementSandbox(
  sandbox: SandboxService,
): Implementations<typeof sandboxOperations> {
  return {
    status: {
      handle: async ({ input, signal }) => sandbox.status({ ...input, signal }),
    },
    statusSummary: {
      handle: async ({ signal }) => {
        const answer = await sandbox.status({ signal });
        if (answer.connected !== 'running') {
          return { running: false, summary: answer.how, servers: [] };
        }
        const { status } = answer;
        return {
          running: true,
          summary: headline(status),
          pods: podsSentence(status),
          servers: status.servers,
        };
      },
    },
    log: {
      handle: async ({ input: { server, ...tail }, signal }) =>
        sandbox.log(server, { ...tail, signal }),
    },
    builds: {
      handle: async ({ input, signal }) =>
        sandbox.builds.list({ ...input, signal }),
    },
    build: {
      handle: async ({ input: { id, after }, signal }) =>
        sandbox.builds.get(id, { after, signal }),
    },
    buildLog: {
      handle: async ({ input: { id, ...tail }, signal }) =>
        sandbox.buildLog(id, { ...tail, signal }),
    },
  };
}
