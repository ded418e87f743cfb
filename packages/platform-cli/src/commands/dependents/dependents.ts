import { stringifyEntityRef } from '@backstage/catalog-model';
import { DependencyAnswer } from '@highroad/plugin-catalog-platform-common';
import { CommandContext, CommandDefinition } from '../../command';
import { Output } from '../../output/Output';
import { table } from '../../output/table';
import { resolveThing, shortRef } from '../service/resolveService';
import { wholeUpTo } from '../wholeUpTo';

interface Options {
  depth?: number;
  lifecycle?: string[];
  dependencies?: boolean;
}

export const dependents: CommandDefinition = {
  path: ['dependents'],
  summary: 'Say what breaks if something breaks, or what it needs',
  examples: [
    'platform dependents payment-service',
    'platform dependents payments-db --depth 2 --lifecycle production',
    'platform dependents payment-service --dependencies',
  ],
  configure: command =>
    command
      .argument(
        '<name>',
        'a service, API, resource or system; where several have the name, a reference such as api:payments',
      )
      .option('--depth <n>', 'how many steps to follow, 1 to 10', wholeUpTo(10))
      .option('--lifecycle <name...>', 'only things of these lifecycles')
      .option('--dependencies', 'the other way: what it needs'),
  async run({ output, portal }: CommandContext, ...args: [string, Options]) {
    const [name, options] = args;
    const connected = await portal();
    const entity = await resolveThing(connected, name);
    const answer = await connected.dependencies.dependents(
      stringifyEntityRef(entity),
      {
        depth: options.depth,
        lifecycle: options.lifecycle,
        direction: options.dependencies ? 'dependencies' : 'dependents',
      },
    );
    output.answer(answer, () => inWords(answer, output));
  },
};

function inWords(answer: DependencyAnswer, output: Output): string {
  const lines = [output.paint.bold(headline(answer))];
  if (answer.items.length > 0) {
    lines.push(
      '',
      table(
        ['NAME', 'TYPE', 'OWNER', 'LIFECYCLE', 'ON CALL', 'BY WAY OF'],
        answer.items.map(item => [
          shortRef(item.ref),
          item.type ?? item.kind,
          shortRef((item.owner ?? 'nobody').replace(/^group:/, '')),
          item.lifecycle ?? '',
          item.onCall?.serviceId ?? '',
          item.path
            .slice(0, -1)
            .map(step => shortRef(step.ref))
            .join(' → ') || 'directly',
        ]),
        output.width,
      ),
    );
  }
  const unknown = unknownLifecycles(answer);
  if (unknown) lines.push('', unknown);
  if (answer.deeper) {
    lines.push(
      '',
      `There is more beyond ${answer.depth} ${
        answer.depth === 1 ? 'step' : 'steps'
      }: use --depth.`,
    );
  }
  if (answer.truncated) {
    lines.push('', 'There are too many to list them all.');
  }
  if (answer.unresolved.length > 0) {
    const names = answer.unresolved.map(reference => shortRef(reference.ref));
    lines.push(
      '',
      `Named, but not in the catalog or not visible to you: ${names.join(
        ', ',
      )}`,
    );
  }
  return lines.join('\n');
}

function headline(answer: DependencyAnswer): string {
  const root = shortRef(answer.root.ref);
  const n = answer.items.length;
  const counted = n === 1 ? '1 thing' : `${n} things`;
  // What lies beyond is not counted.
  let things = counted;
  if (answer.deeper) things = `At least ${counted}`;
  if (answer.truncated) things = `More than ${counted}`;
  const filtered =
    answer.lifecycle.length > 0 ? ` in ${answer.lifecycle.join(' or ')}` : '';
  if (answer.direction === 'dependents') {
    if (n === 0) return `Nothing${filtered} breaks if ${root} breaks.`;
    return `${things}${filtered} ${
      n === 1 ? 'breaks' : 'break'
    } if ${root} breaks.`;
  }
  return n === 0
    ? `${root} needs nothing${filtered ? filtered : ' else'}.`
    : `${root} needs ${things.toLocaleLowerCase('en-US')}${filtered}.`;
}

/** Lifecycles that were asked for and that nothing has, with those that there are. */
function unknownLifecycles({
  lifecycle,
  lifecycles,
}: DependencyAnswer): string | undefined {
  const known = lifecycles.map(one => one.lifecycle);
  const unknown = lifecycle.filter(one => !known.includes(one));
  if (unknown.length === 0 || known.length === 0) return undefined;
  return `None of them is in ${unknown.join(' or ')}. There ${
    known.length === 1 ? 'is' : 'are'
  } ${lifecycles.map(one => `${one.count} in ${one.lifecycle}`).join(', ')}.`;
}
