import { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import { headline, podsSentence } from '@highroad/plugin-sandbox-common';
import { SandboxService } from './service/SandboxService';

/** Offers the state of the sandbox to templates, agents and the command line, as `sandbox:status`. */
export function registerStatusAction(
  actionsRegistry: ActionsRegistryService,
  sandbox: SandboxService,
): void {
  actionsRegistry.register({
    name: 'status',
    title: 'How is the sandbox doing?',
    description:
      'Says whether the real servers of this machine answer, what is still being prepared, which are broken and why, and where each listens. No credentials.',
    attributes: { readOnly: true, destructive: false, idempotent: true },
    schema: {
      input: z => z.object({}),
      output: z =>
        z.object({
          running: z.boolean(),
          summary: z.string().describe('The state in a sentence'),
          pods: z
            .string()
            .optional()
            .describe('Whether pods are real or simulated'),
          servers: z.array(
            z.object({
              name: z.string(),
              title: z.string(),
              state: z.string(),
              version: z.string().optional(),
              address: z.string().optional(),
              problem: z.string().optional(),
            }),
          ),
        }),
    },
    action: async () => {
      const answer = await sandbox.status();
      if (answer.connected !== 'running') {
        return { output: { running: false, summary: answer.how, servers: [] } };
      }
      const { status } = answer;
      return {
        output: {
          running: true,
          summary: headline(status),
          pods: podsSentence(status),
          servers: status.servers.map(
            ({ name, title, state, version, address, problem }) => ({
              name,
              title,
              state,
              version,
              address,
              problem,
            }),
          ),
        },
      };
    },
  });
}
