import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { isError, stringifyError } from '@backstage/errors';
import {
  DeployedUses,
  missingKeys,
  MissingKey,
  Rotation,
  secretOperations,
} from '@highroad/plugin-secrets-common';
import { z } from 'zod';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { Portal } from '../../portal/Portal';
import { resolveService } from '../service/resolveService';
import { wholeUpTo } from '../wholeUpTo';
import { answerAttention } from './attention';
import { listedInWords } from './listedInWords';

/** What is known of the secrets of a service. */
export type Listed = z.output<typeof secretOperations.list.output> & {
  /** What programs cannot start without, and is not set */
  missing: MissingKey[];
  /** Why that is not known */
  usesProblem?: string;
  /** Keys that are replaced by themselves */
  rotations: Rotation[];
};

interface Options {
  env?: string;
  limit?: number;
}

const MOST = 200;
const SHOWN = 50;

export const listSecrets: CommandDefinition = {
  path: ['secrets', 'list'],
  summary:
    'Say which secrets a service has where; without one, what needs somebody',
  examples: [
    'platform secrets list my-service',
    'platform secrets list my-service --env production',
    'platform secrets list',
  ],
  configure: command =>
    command
      .argument(
        '[service]',
        'as in "platform service list"; what needs somebody in all if left out',
      )
      .option('--env <name>', 'only there')
      .option(
        '--limit <number>',
        `without a service: how many at most, 1 to ${MOST} (${SHOWN})`,
        wholeUpTo(MOST),
      ),
  async run(
    { output, portal }: CommandContext,
    ...args: [string | undefined, Options]
  ) {
    const [name, { env, limit }] = args;
    refuseTogether(name, { env, limit });
    const connected = await portal();
    if (name === undefined) {
      await answerAttention(output, connected, limit ?? SHOWN);
      return;
    }
    const service = stringifyEntityRef(await resolveService(connected, name));
    const [found, { items: rotations }, uses] = await Promise.all([
      connected.secrets.list({ service, environment: env }),
      connected.secrets.rotations({ service }),
      usesOf(connected, service),
    ]);
    const missing = missingKeys(
      parseEntityRef(service).name,
      found.environments
        .map(one => one.name)
        .filter(one => !env || one === env),
      found.items,
      uses.items,
      { unseen: found.unseen, provided: found.provided },
    );
    const listed = {
      ...{ ...found, missing },
      rotations: rotations.filter(one => !env || one.environment === env),
      ...(uses.problem && { usesProblem: uses.problem }),
    };
    output.answer(listed, () =>
      listedInWords(listed, { name, only: env, width: output.width }),
    );
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

/** @throws CliError for what does not go together */
function refuseTogether(
  name: string | undefined,
  { env, limit }: Options,
): void {
  if (name === undefined && env) {
    throw new CliError('--env is for the secrets of one service.', {
      fix: `Name it: platform secrets list my-service --env ${env}`,
      exitCode: exitCodes.usage,
    });
  }
  if (name !== undefined && limit) {
    throw new CliError('--limit is for what needs somebody in all services.', {
      fix: `Leave it out: platform secrets list ${name}`,
      exitCode: exitCodes.usage,
    });
  }
}
