import { stringifyEntityRef } from '@backstage/catalog-model';
import { RollbackTargets } from '@highroad/plugin-deployments-common';
import { CommandContext, CommandDefinition } from '../../command';
import { deploymentTable } from '../deployment/words';
import { resolveService } from '../service/resolveService';
import { follow, WaitOptions } from './follow';
import { withWaiting } from './options';

interface Options extends WaitOptions {
  env: string;
  to?: string;
  reason?: string;
  dryRun?: boolean;
  /** `false` for `--no-take-over` */
  takeOver: boolean;
}

export const rollback: CommandDefinition = {
  path: ['rollback'],
  summary: 'Put back what ran before, from what was kept of it',
  examples: [
    'platform rollback my-service --env production',
    'platform rollback my-service --env production --reason "orders fail"',
    'platform rollback my-service --env production --dry-run',
    'platform rollback my-service --env staging --to 01932c07-5b1f-7c3e-8a55-0123456789ab',
  ],
  configure: command =>
    withWaiting(
      command
        .argument('<service>', 'as in "platform service list"')
        .requiredOption('--env <name>', 'where')
        .option('--to <id>', 'the deployment to put back; the one before')
        .option('--dry-run', 'only say what would be put back, and what can be')
        .option(
          '--no-take-over',
          'leave what was changed by hand, and be refused for it',
        ),
    ),
  async run({ output, portal }: CommandContext, ...args: [string, Options]) {
    const [name, options] = args;
    const connected = await portal();
    const place = {
      service: stringifyEntityRef(await resolveService(connected, name)),
      environment: options.env,
      to: options.to,
    };
    if (options.dryRun) {
      const targets = await connected.deployments.rollbackTargets(place);
      output.answer(targets, () => targetsText(targets, Date.now()));
      return;
    }
    const { deployment } = await connected.deployments.rollback({
      ...place,
      reason: options.reason,
      takeOver: options.takeOver,
    });
    await follow(connected, deployment, output, options);
  },
};

function targetsText(
  { undone, proposed, why, offered }: RollbackTargets,
  now: number,
): string {
  return [
    proposed
      ? `${proposed.version} would be put back${
          undone ? ` in the place of ${undone.version}` : ''
        }.`
      : why ?? 'There is nothing to put back.',
    offered.length > 0 && `\n${deploymentTable(offered, now)}`,
    offered.length > 0 &&
      'Put one of these back: platform rollback <service> --env <name> --to <id>',
  ]
    .filter(Boolean)
    .join('\n');
}
