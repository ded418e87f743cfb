import { spawn } from 'node:child_process';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { StateOption, withState } from './options';
import { loadSandbox, sandboxHere } from './sandboxHere';
import { notRunning } from './status';

export const kubectl: CommandDefinition = {
  path: ['sandbox', 'kubectl'],
  summary: 'Run the kubectl of the sandbox against its cluster',
  examples: [
    'platform sandbox kubectl get pods -A',
    'platform sandbox kubectl logs deployment/my-service -n my-service',
  ],
  configure: command =>
    withState(command)
      .argument('[args...]', 'what kubectl is told')
      .allowUnknownOption(),
  async run(_: CommandContext, ...args: [string[], StateOption]) {
    const [told, options] = args;
    const client = sandboxHere(options.state);
    const { kubectlBinary, readConnection } = loadSandbox();
    const connection = await readConnection(client.paths);
    if (!connection || !(await client.isRunning())) {
      throw notRunning(client.paths.state);
    }
    const code = await run(await kubectlBinary(client.paths.cache), [
      `--kubeconfig=${connection.kubernetes.kubeconfig}`,
      ...told,
    ]);
    if (code !== 0) {
      throw new CliError(`kubectl ended with code ${code}.`, {
        why: 'What it said stands above.',
        exitCode: code === 130 ? exitCodes.interrupted : exitCodes.failed,
      });
    }
  },
};

function run(command: string, args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit' });
    // Ctrl-C reaches it too, and it decides what that means.
    const ignore = () => {};
    process.on('SIGINT', ignore);
    child.once('error', error =>
      reject(
        new CliError('There is no kubectl.', {
          why: error.message,
          fix: 'It is prepared with the sandbox: platform sandbox start',
        }),
      ),
    );
    child.once('close', (code, signal) => {
      process.removeListener('SIGINT', ignore);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}
