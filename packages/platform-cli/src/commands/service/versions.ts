import { stringifyEntityRef } from '@backstage/catalog-model';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { table } from '../../output/table';
import { ago } from '../deploy/words';
import { resolveService } from './resolveService';

interface Options {
  limit: string;
}

export const versions: CommandDefinition = {
  path: ['service', 'versions'],
  summary: 'Say which versions of a service there are, and where they run',
  examples: [
    'platform service versions my-service',
    'platform service versions my-service --limit 100 --json',
  ],
  configure: command =>
    command
      .argument('<service>', 'as in "platform service list"')
      .option('--limit <n>', 'how many, up to 100', '20'),
  async run({ output, portal }: CommandContext, ...args: [string, Options]) {
    const [name, { limit }] = args;
    const connected = await portal();
    const entity = await resolveService(connected, name);
    const answer = await connected.deployments.versions({
      service: stringifyEntityRef(entity),
      limit: Number(limit),
    });
    const { image, items, more, problem } = answer;
    output.answer(answer, () =>
      items.length === 0
        ? `No version of ${image} is known.`
        : [
            table(
              ['VERSION', 'AGE', 'COMMIT', 'DIGEST', 'RUNS IN'],
              items.map(one => [
                one.version,
                one.createdAt ? ago(one.createdAt, Date.now()) : '',
                one.commit?.slice(0, 8) ?? '',
                one.digest?.replace(/^sha256:/, '').slice(0, 12) ?? '',
                one.runsIn.join(', '),
              ]),
              output.width,
            ),
            more && !problem && 'There are more: --limit',
          ]
            .filter(Boolean)
            .join('\n'),
    );
    if (problem) {
      throw new CliError('The registry could not be read.', {
        why: problem,
        fix: `A version can be deployed all the same: platform deploy ${name} --env … --version …`,
        exitCode: exitCodes.failed,
      });
    }
  },
};
