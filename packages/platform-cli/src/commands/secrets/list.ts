import { stringifyEntityRef } from '@backstage/catalog-model';
import { secretOperations } from '@highroad/plugin-secrets-common';
import { z } from 'zod';
import { CommandContext, CommandDefinition } from '../../command';
import { Output } from '../../output/Output';
import { table } from '../../output/table';
import { resolveService } from '../service/resolveService';
import { syncLine } from './words';

type Listed = z.output<typeof secretOperations.list.output>;

export const listSecrets: CommandDefinition = {
  path: ['secrets', 'list'],
  summary: 'Say which secrets a service has where',
  examples: [
    'platform secrets list my-service',
    'platform secrets list my-service --env production',
  ],
  configure: command =>
    command
      .argument('<service>', 'as in "platform service list"')
      .option('--env <name>', 'only there'),
  async run(
    { output, portal }: CommandContext,
    ...args: [string, { env?: string }]
  ) {
    const [name, options] = args;
    const connected = await portal();
    const service = stringifyEntityRef(await resolveService(connected, name));
    const listed = await connected.secrets.list({
      service,
      environment: options.env,
    });
    output.answer(listed, () => inWords(listed, output, name, options.env));
  },
};

/** A row for each key, a column for each environment. */
function inWords(
  { items, environments, sync }: Listed,
  output: Output,
  name: string,
  only?: string,
): string {
  if (items.length === 0) {
    return `${name} has no secrets${
      only ? ` in ${only}` : ''
    }.\nSet one: platform secrets set ${name}/DATABASE_URL`;
  }
  const shown = environments.filter(one => !only || one.name === only);
  const keys = [...new Set(items.map(({ key }) => key))].sort();
  const rows = keys.map(key => [
    key,
    ...shown.map(environment => {
      const found = items.find(
        one => one.key === key && one.environment === environment.name,
      );
      if (!found) return '— missing';
      if (found.state === 'deleted') return '⊘ deleted';
      const behind = found.sync === 'behind' ? ', behind' : '';
      return `✔ version ${found.version}${behind}`;
    }),
  ]);
  return [
    table(
      ['KEY', ...shown.map(one => one.name.toLocaleUpperCase('en-US'))],
      rows,
      output.width,
    ),
    ...sync.filter(one => one.state !== 'synced').map(syncLine),
  ].join('\n');
}
