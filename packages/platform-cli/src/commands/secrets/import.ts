import { stringifyEntityRef } from '@backstage/catalog-model';
import { leftOutOfDotEnv } from '@highroad/plugin-secrets-common';
import { CommandContext, CommandDefinition } from '../../command';
import { resolveService } from '../service/resolveService';
import { answerChanged } from './changed';
import { parseDotEnv } from './dotEnv';
import { readStdin, readWholeFile } from './stdin';
import { textOf } from './text';

interface Options {
  env?: string;
  reason?: string;
}

export const importSecrets: CommandDefinition = {
  path: ['secrets', 'import'],
  summary: 'Set every key of a .env file',
  examples: [
    'platform secrets import my-service .env --env staging',
    'sops -d secrets.env | platform secrets import my-service - --env staging',
  ],
  configure: command =>
    command
      .argument('<service>', 'as in "platform service list"')
      .argument('<file>', 'a .env file; "-" for standard input')
      .option('--env <name>', 'where; every one but production if left out')
      .option('--reason <text>', 'why, for the record'),
  async run(
    { output, portal }: CommandContext,
    ...args: [string, string, Options]
  ) {
    const [name, file, options] = args;
    const text =
      file === '-'
        ? textOf(await readStdin(), 'Standard input')
        : textOf(await readWholeFile(file), file);
    const entries = parseDotEnv(text);
    for (const { value } of entries) output.hide(value);
    output.given(name, file, options.env, ...entries.map(({ key }) => key));
    for (const words of leftOutOfDotEnv(text)) output.note(`! ${words}`);
    const connected = await portal();
    const service = stringifyEntityRef(await resolveService(connected, name));
    output.given(service);
    const changed = await connected.secrets.importAll({
      ...{ service, entries },
      environment: options.env,
      reason: options.reason,
    });
    answerChanged(
      ...([output, service, changed] as const),
      environment =>
        `platform secrets import ${name} ${file} --env ${environment}`,
    );
  },
};
