import { Deployment } from '@highroad/plugin-deployments-common';
import { Command } from 'commander';
import { CommandContext, CommandDefinition } from '../../command';
import { Portal } from '../../portal/Portal';
import { shortRef } from '../service/resolveService';

/** The one of the examples */
export const SOME_ID = '01932c07-5b1f-7c3e-8a55-0123456789ab';

/** A command that asks for something about one deployment, and leaves it to the portal's worker to do it. */
export function askingFor<O extends { reason?: string }>(one: {
  verb: string;
  summary: string;
  examples: string[];
  configure?: (command: Command) => Command;
  ask: (
    portal: Pick<Portal, 'deployments'>,
    asked: { id: string; reason?: string },
    options: O,
  ) => Promise<{ deployment: Deployment }>;
  /** What comes of it. `what` is such as `1.4.2 of cart to staging`. */
  told: (what: string, options: O) => string;
  /** The command that goes on from there, with what it is for; following it, if left out */
  then?: (id: string) => string;
}): CommandDefinition {
  const { verb, summary, examples, ask, told } = one;
  const { configure = same => same, then = followIt } = one;
  return {
    path: ['deployment', verb],
    summary,
    examples,
    configure: command =>
      configure(
        command
          .argument('<id>', 'as in "platform deployment list"')
          .option('--reason <text>', 'why, for the record'),
      ),
    async run({ output, portal }: CommandContext, ...args: [string, O]) {
      const [id, options] = args;
      const connected = await portal();
      const { reason } = options;
      const answer = await ask(connected, { id, reason }, options);
      const { version, service, environment } = answer.deployment;
      const what = `${version} of ${shortRef(service)} to ${environment}`;
      output.answer(answer, () => [told(what, options), then(id)].join('\n'));
    },
  };
}

function followIt(id: string): string {
  return `Follow it: platform deployment show ${id} --watch`;
}
