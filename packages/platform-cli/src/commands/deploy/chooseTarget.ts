import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { Output } from '../../output/Output';
import { Portal } from '../../portal/Portal';
import { ago } from './words';

/** As many as are read at a glance. */
const OFFERED = 15;
const NAMED = 3;

/** How a person chooses. Loaded when somebody does, since few do. */
export interface Prompts {
  select(config: {
    message: string;
    choices: Array<{ value: string; name?: string }>;
  }): Promise<string>;
}

interface Target {
  env?: string;
  version?: string;
}

type Asked = {
  deployments: Pick<Portal['deployments'], 'environments' | 'versions'>;
};

/**
 * Where to deploy and what: as it was given, and what is missing as a person at a terminal chooses among what there is.
 *
 * @param service - its reference; `name` is how it was called
 * @throws CliError that lists what there is, where nobody can be asked
 */
export async function chooseTarget(
  portal: Asked,
  { service, name }: { service: string; name: string },
  given: Target,
  output: Pick<Output, 'asks'>,
  prompts: () => Promise<Prompts> = () => import('@inquirer/prompts'),
): Promise<Required<Target>> {
  const choose = async (message: string, choices: Choice[]) =>
    (await prompts()).select({ message, choices });

  let { env, version } = given;
  if (env === undefined) {
    const { items } = await portal.deployments.environments({});
    const there = items.map(one => ({ value: one.name, name: one.name }));
    if (!output.asks || there.length === 0) throw envMissing(there);
    env = await choose('Where to', there);
  }
  if (version === undefined) {
    const { items } = await portal.deployments.versions({
      ...{ service, limit: OFFERED },
    });
    const there = items.map(one => ({
      value: one.version,
      name: `${one.version}${inBrackets(one)}`,
    }));
    if (!output.asks || there.length === 0) throw versionMissing(name, there);
    version = await choose('Which version', there);
  }
  return { env, version };
}

interface Choice {
  value: string;
  name: string;
}

function envMissing(there: Choice[]): CliError {
  return new CliError('--env is missing: where to.', {
    fix:
      there.length > 0
        ? `Add --env ${there.map(({ value }) => value).join('|')}`
        : 'Add --env with the name of an environment.',
    exitCode: exitCodes.usage,
  });
}

function versionMissing(name: string, there: Choice[]): CliError {
  const newest = there.slice(0, NAMED).map(one => one.name);
  return new CliError('--version is missing: the tag of an image.', {
    why:
      newest.length > 0
        ? `The newest: ${newest.join(', ')}.`
        : `No version of ${name} is known yet: its pipeline builds one for each commit.`,
    fix:
      newest.length > 0
        ? `Add --version ${there[0].value}, or see all: platform service versions ${name}`
        : `See when there is one: platform service versions ${name}`,
    exitCode: exitCodes.usage,
  });
}

/** Such as ` (2 h ago, runs in staging)`. */
function inBrackets(one: { createdAt?: string; runsIn: string[] }): string {
  const told = [
    ...(one.createdAt ? [ago(one.createdAt, Date.now())] : []),
    ...(one.runsIn.length > 0 ? [`runs in ${one.runsIn.join(', ')}`] : []),
  ];
  return told.length > 0 ? ` (${told.join(', ')})` : '';
}
