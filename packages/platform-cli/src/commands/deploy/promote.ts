import { stringifyEntityRef } from '@backstage/catalog-model';
import { CommandContext, CommandDefinition } from '../../command';
import { resolveService } from '../service/resolveService';
import { follow, WaitOptions } from './follow';
import { DRY_RUN, FIXES, TAKE_OVER, UNPLANNED, withWaiting } from './options';
import { showPreview } from './preview';

interface Options extends WaitOptions {
  from: string;
  to: string;
  reason?: string;
  supersede?: boolean;
  force?: boolean;
  takeOver?: boolean;
  fixes?: string;
  unplanned?: boolean;
  dryRun?: boolean;
}

export const promote: CommandDefinition = {
  path: ['promote'],
  summary: 'Take the very image that runs in one environment to another',
  examples: [
    'platform promote my-service --from staging --to production',
    'platform promote my-service --from staging --to production --dry-run',
    'platform promote my-service --from staging --to production --no-wait --json',
  ],
  configure: command =>
    withWaiting(
      command
        .argument('<service>', 'as in "platform service list"')
        .requiredOption('--from <name>', 'where it runs well')
        .requiredOption('--to <name>', 'where to')
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
    const { from, to: environment } = options;
    const service = stringifyEntityRef(await resolveService(connected, name));
    if (options.dryRun) {
      await showPreview(connected, { service, environment, from }, output);
      return;
    }
    const { deployment } = await connected.deployments.promote({
      ...{ service, from, environment },
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
