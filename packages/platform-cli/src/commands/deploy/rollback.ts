import { stringifyEntityRef } from '@backstage/catalog-model';
import { CommandContext, CommandDefinition } from '../../command';
import { resolveService } from '../service/resolveService';
import { follow, WaitOptions } from './follow';
import { withWaiting } from './options';

interface Options extends WaitOptions {
  env: string;
  to?: string;
  reason?: string;
  /** `false` for `--no-take-over` */
  takeOver: boolean;
}

export const rollback: CommandDefinition = {
  path: ['rollback'],
  summary: 'Put back what ran before, from what was kept of it',
  examples: [
    'platform rollback my-service --env production',
    'platform rollback my-service --env production --reason "orders fail"',
    'platform rollback my-service --env staging --to 01932c07-5b1f-7c3e-8a55-0123456789ab',
  ],
  configure: command =>
    withWaiting(
      command
        .argument('<service>', 'as in "platform service list"')
        .requiredOption('--env <name>', 'where')
        .option('--to <id>', 'the deployment to put back; the one before')
        .option(
          '--no-take-over',
          'leave what was changed by hand, and be refused for it',
        ),
    ),
  async run({ output, portal }: CommandContext, ...args: [string, Options]) {
    const [name, options] = args;
    const connected = await portal();
    const entity = await resolveService(connected, name);
    const { deployment } = await connected.deployments.rollback({
      service: stringifyEntityRef(entity),
      environment: options.env,
      to: options.to,
      reason: options.reason,
      takeOver: options.takeOver,
    });
    await follow(connected, deployment, output, options);
  },
};
