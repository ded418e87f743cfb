import { hasEnded } from '@highroad/plugin-deployments-common';
import { CommandContext, CommandDefinition } from '../../command';
import { follow } from '../deploy/follow';
import { seconds } from '../deploy/options';
import { deploymentText, nextSteps } from './words';

interface Options {
  watch?: boolean;
  timeout: number;
  manifests?: boolean;
}

export const showDeployment: CommandDefinition = {
  path: ['deployment', 'show'],
  summary: 'Show a deployment: its steps, what they showed, how far it is',
  examples: [
    'platform deployment show 01932c07-5b1f-7c3e-8a55-0123456789ab',
    'platform deployment show 01932c07-5b1f-7c3e-8a55-0123456789ab --watch',
    'platform deployment show 01932c07-5b1f-7c3e-8a55-0123456789ab --manifests',
  ],
  configure: command =>
    command
      .argument('<id>', 'as in "platform deployment list"')
      .option('-w, --watch', 'follow it until it has ended')
      .option('--timeout <seconds>', 'how long to follow it', seconds, 3600)
      .option('--manifests', 'print what it applied, and nothing else'),
  async run({ output, portal }: CommandContext, ...args: [string, Options]) {
    const [id, options] = args;
    const connected = await portal();
    if (options.manifests) {
      const manifests = await connected.deployments.manifests({ id });
      output.answer(manifests, () => manifests.text.trimEnd());
      return;
    }
    const answer = await connected.deployments.get({ id });
    const { deployment } = answer;
    if (options.watch && !hasEnded(deployment.state)) {
      const { timeout } = options;
      await follow(connected, deployment, output, { wait: true, timeout });
      return;
    }
    output.answer(answer, () =>
      [deploymentText(deployment), ...nextSteps(deployment)].join('\n'),
    );
  },
};
