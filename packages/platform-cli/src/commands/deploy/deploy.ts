import { stringifyEntityRef } from '@backstage/catalog-model';
import { CommandContext, CommandDefinition } from '../../command';
import { resolveService } from '../service/resolveService';
import { chooseTarget } from './chooseTarget';
import { follow, WaitOptions } from './follow';
import { DRY_RUN, FIXES, TAKE_OVER, UNPLANNED, withWaiting } from './options';
import { showPreview } from './preview';

interface Options extends WaitOptions {
  env?: string;
  version?: string;
  reason?: string;
  supersede?: boolean;
  force?: boolean;
  takeOver?: boolean;
  fixes?: string;
  unplanned?: boolean;
  dryRun?: boolean;
}

export const deploy: CommandDefinition = {
  path: ['deploy'],
  summary: 'Bring a version of a service to an environment',
  examples: [
    'platform deploy my-service --env staging --version 1.2.3',
    'platform deploy my-service --env production --version 1.2.3 --reason "fixes the checkout"',
    'platform deploy my-service --env production --version 1.2.4 --fixes 01932c07-5b1f-7c3e-8a55-0123456789ab --unplanned',
    'platform deploy my-service --env staging --version 1.2.4 --dry-run',
    'platform deploy my-service --env staging --version 1.2.4 --supersede --no-wait',
  ],
  configure: command =>
    withWaiting(
      command
        .argument('<service>', 'as in "platform service list"')
        .option('--env <name>', 'where to; asked for at a terminal')
        .option('--version <tag>', 'tag of its image; asked for at a terminal')
        .option('--supersede', 'take the place of one that is under way there')
        .option('--force', 'apply it even if exactly that runs there already')
        .option(...TAKE_OVER)
        .option(...FIXES)
        .option(...UNPLANNED)
        .option(...DRY_RUN),
    ),
  async run({ output, portal }: CommandContext, ...args: [string, Options]) {
    const [name, options] = args;
    const connected = await portal();
    const service = stringifyEntityRef(await resolveService(connected, name));
    const { env: environment, version } = await chooseTarget(
      connected,
      { service, name },
      options,
      output,
    );
    if (options.dryRun) {
      await showPreview(connected, { service, environment, version }, output);
      return;
    }
    const { deployment } = await connected.deployments.deploy({
      ...{ service, environment, version },
      reason: options.reason,
      supersede: options.supersede ?? false,
      again: options.force ?? false,
      takeOver: options.takeOver ?? false,
      fixes: options.fixes,
      unplanned: options.unplanned,
    });
    await follow(connected, deployment, output, options);
  },
};
