import { durationSchema } from '@highroad/plugin-environments-common';

/** What people may ask for in a comment. */
export type Command =
  | { verb: 'extend'; by: string }
  | { verb: 'keep' }
  | { verb: 'destroy' }
  | { verb: 'create' }
  /** Of what was written, which may be no commit */
  | { verb: 'approve'; commit?: string }
  | { verb: 'unknown'; problem: string };

export interface WrittenCommand {
  /** As it was written, without the mark */
  asked: string;
  command: Command;
}

const LINE = /^\/platform(?:[ \t]+(.*))?$/;
const ASKED_LENGTH = 60;
const KNOWN = 'extend 3d, keep, destroy, create and approve';

/**
 * The commands in a comment: lines that begin with `/platform`. Quoted lines and those in a block of code are none.
 *
 * @returns at most five
 */
export function commandsIn(body: string): WrittenCommand[] {
  const found: WrittenCommand[] = [];
  let fence: string | undefined;
  for (const line of body.split(/\r?\n/)) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark) {
      if (fence === undefined) fence = mark;
      else if (mark.startsWith(fence)) fence = undefined;
      continue;
    }
    const match = fence === undefined && LINE.exec(line.trimEnd());
    if (!match) continue;
    const asked = (match[1] ?? '').trim();
    found.push({
      asked:
        asked.length > ASKED_LENGTH
          ? `${asked.slice(0, ASKED_LENGTH - 1)}…`
          : asked,
      command: commandOf(asked),
    });
  }
  return found.slice(0, 5);
}

function commandOf(asked: string): Command {
  const [verb = '', ...rest] = asked.split(/\s+/);
  switch (verb.toLocaleLowerCase('en-US')) {
    case 'extend':
      return rest.length === 1 && durationSchema.safeParse(rest[0]).success
        ? { verb: 'extend', by: rest[0] }
        : {
            verb: 'unknown',
            problem: 'Say by how much: `/platform extend 3d`, or 12h or 2w.',
          };
    case 'keep':
      return alone({ verb: 'keep' }, rest);
    case 'destroy':
      return alone({ verb: 'destroy' }, rest);
    case 'create':
      return alone({ verb: 'create' }, rest);
    case 'approve':
      return rest.length <= 1
        ? { verb: 'approve', ...(rest[0] && { commit: rest[0] }) }
        : {
            verb: 'unknown',
            problem:
              '`/platform approve` takes the whole hash of one commit, and nothing more.',
          };
    default:
      return {
        verb: 'unknown',
        problem: `There is no such command. There is ${KNOWN}.`,
      };
  }
}

function alone(
  command: Extract<Command, { verb: 'keep' | 'destroy' | 'create' }>,
  rest: string[],
): Command {
  return rest.length === 0
    ? command
    : {
        verb: 'unknown',
        problem: `\`/platform ${command.verb}\` takes nothing after it.`,
      };
}
