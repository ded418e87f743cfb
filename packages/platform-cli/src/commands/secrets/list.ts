import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import {
  DeployedUses,
  missingKeys,
  MissingKey,
  secretOperations,
  whyMissing,
} from '@highroad/plugin-secrets-common';
import { z } from 'zod';
import { isError, stringifyError } from '@backstage/errors';
import { CommandContext, CommandDefinition } from '../../command';
import { Output } from '../../output/Output';
import { table } from '../../output/table';
import { Portal } from '../../portal/Portal';
import { resolveService } from '../service/resolveService';
import { syncLine } from './words';

type Listed = z.output<typeof secretOperations.list.output> & {
  /** What programs cannot start without, and is not set */
  missing: MissingKey[];
  /** Why that is not known */
  usesProblem?: string;
};

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
    const [found, uses] = await Promise.all([
      connected.secrets.list({ service, environment: options.env }),
      usesOf(connected, service),
    ]);
    const missing = missingKeys(
      parseEntityRef(service).name,
      found.environments
        .map(one => one.name)
        .filter(one => !options.env || one === options.env),
      found.items,
      uses.items,
    );
    const listed = {
      ...{ ...found, missing },
      ...(uses.problem && { usesProblem: uses.problem }),
    };
    output.answer(listed, () => inWords(listed, output, name, options.env));
  },
};

/** What the service's programs refer to. Keys are worth listing also where that is not known. */
async function usesOf(
  { deployments }: Portal,
  service: string,
): Promise<{ items: DeployedUses[]; problem?: string }> {
  try {
    return await deployments.secretReferences({ service });
  } catch (error) {
    // A portal that deploys nothing has no programs either.
    if (isError(error) && error.statusCode === 404) return { items: [] };
    return { items: [], problem: stringifyError(error) };
  }
}

/** A row for each key, a column for each environment. */
function inWords(
  { items, environments, sync, missing, usesProblem }: Listed,
  output: Output,
  name: string,
  only?: string,
): string {
  if (items.length === 0 && missing.length === 0) {
    return `${name} has no secrets${
      only ? ` in ${only}` : ''
    }.\nSet one: platform secrets set ${name}/DATABASE_URL`;
  }
  const shown = environments.filter(one => !only || one.name === only);
  const keys = [
    ...new Set([...missing, ...items].map(({ key }) => key)),
  ].sort();
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
    ...missing.map(
      one =>
        `✖ ${one.key} is missing in ${one.environment}: ${whyMissing(
          one,
        )}. Set it: platform secrets set ${name}/${one.key} --env ${
          one.environment
        }`,
    ),
    ...(usesProblem
      ? [`! What its programs need cannot be seen: ${usesProblem}`]
      : []),
    ...sync.filter(one => one.state !== 'synced').map(syncLine),
  ].join('\n');
}
