import { InputError, NotAllowedError } from '@backstage/errors';
import {
  hidden,
  PullRequestComment,
} from '../drivers/gitHosts/PullRequestHost';
import {
  EnvironmentResource,
  EnvironmentResources,
} from '../service/EnvironmentResources';
import { extendedEnd } from '../service/lifetimeEnd';
import { PreviewSettings } from '../service/PreviewSettings';
import { Command, commandsIn, WrittenCommand } from './commands';
import { COMMENT_MARKER, Memory } from './Memory';
import { Look } from './Provisioning';
import { PullRequestRecorder } from './PullRequestRecorder';
import { environmentNameOf } from './PullRequestRef';
import { plain, timeWords } from './words';

const MOST_TOLD = 20;
/** Of so many comments it is known by their ids that they were read. */
const MOST_KNOWN = 200;
/** Anybody may write below a public pull request: within the hour so many refusals there are recorded and answered. */
const MOST_REFUSED = 10;
const HOUR_MS = 3_600_000;
/** Pushing is no right to keep: who has that is known in the portal, and a name at a Git host is nobody there. */
const KEPT_ELSEWHERE =
  'comments do not have an environment kept here. Who may, does it in the portal, or by `platform env extend <name> --keep`; `/platform extend 3d` has it stay longer.';
const WHOLE_HASH = /^([0-9a-f]{40}|[0-9a-f]{64})$/;
const TOLD_UNTIL = /<!-- highroad:told-until (\S+) -->/;

/** A hidden line that says up to when commands have been carried out. */
export function toldUntilLine(at: string): string {
  return `<!-- highroad:told-until ${at} -->`;
}

/** What is wrong with a command, in words and signs of our own; another error's may be those of a manifest. */
class Answer extends InputError {}

interface World {
  environments: EnvironmentResources;
  now: () => Date;
  recorder: PullRequestRecorder;
  settings: Pick<PreviewSettings, 'lifetime'>;
  /** Whether whoever may push may have an environment kept */
  mayKeep: boolean;
}

/**
 * Does what was asked for in comments since the last look, each once: a comment is read as done only after it is done, and what
 * is done is the same done twice.
 *
 * @returns what is known then
 */
export async function takeCommands(look: Look, world: World): Promise<Memory> {
  const { ref, host, signal } = look;
  const { since, read } = look.memory.commands;
  const all = await host.comments(ref, since, signal);
  const done = since === undefined ? doneBefore(all) : undefined;
  const comments = all.filter(
    one =>
      !read.includes(one.id) &&
      !wasReadLongAgo(one, look.memory) &&
      !(done && Date.parse(one.updatedAt) <= done),
  );
  let memory = withoutSecond(look.memory, comments);
  for (const comment of comments) {
    const written = isStatus(comment) ? [] : commandsIn(comment.body);
    const before = memory;
    for (const one of written) {
      memory = await take({ ...look, memory }, comment, one, world);
    }
    const isAnswered = memory !== before;
    memory = withRead(memory, comment);
    if (isAnswered) {
      const { commands } = memory;
      memory = {
        ...memory,
        commands: { ...commands, toldUntil: comment.updatedAt },
      };
      await look.save(memory);
    }
  }
  return memory;
}

/**
 * An edit is no command, also of a comment that was read so long ago that its id is not known any more. What a host shows
 * late is not taken for that.
 */
function wasReadLongAgo(
  { createdAt }: PullRequestComment,
  { commands: { since, read } }: Memory,
): boolean {
  if (since === undefined || read.length < MOST_KNOWN) return false;
  return Date.parse(createdAt) < Date.parse(since) - HOUR_MS;
}

/** What the platform wrote itself. A person may use the same account, so that alone says nothing. */
function isStatus({ own, body }: PullRequestComment): boolean {
  return own && body.includes(hidden(COMMENT_MARKER));
}

/**
 * A host that did not answer may have taken a comment all the same, and then have shown none. Where there is one that is not
 * known, it is forgotten which one is: it is then looked for, and the others are removed.
 */
export function withoutSecond(
  memory: Memory,
  comments: PullRequestComment[],
): Memory {
  const { comment: known } = memory;
  const second = comments.some(
    one => isStatus(one) && known && one.id !== known.id,
  );
  return second ? { ...memory, comment: undefined } : memory;
}

/** For who knows nothing any more: up to when our own comment says that commands have been carried out. */
function doneBefore(comments: PullRequestComment[]): number | undefined {
  const times = comments
    .filter(({ own }) => own)
    .map(({ body }) => Date.parse(TOLD_UNTIL.exec(body)?.[1] ?? ''))
    .filter(Number.isFinite);
  return times.length > 0 ? Math.max(...times) : undefined;
}

async function take(
  look: Look,
  comment: PullRequestComment,
  one: WrittenCommand,
  world: World,
): Promise<Memory> {
  const { ref, host, memory, signal } = look;
  const { recorder } = world;
  const { author } = comment;
  const told = (done: boolean, words: string, known = memory): Memory => ({
    ...known,
    commands: {
      ...known.commands,
      told: [
        ...known.commands.told,
        { author, asked: one.asked, done, words },
      ].slice(-MOST_TOLD),
    },
  });
  const react = (content: '+1' | '-1' | 'confused') =>
    host.react(ref, { comment: comment.id, content }, signal);

  if (!(await host.hasWriteAccess(ref, author, signal))) {
    const refused = memory.commands.refused.filter(
      at => world.now().getTime() - Date.parse(at) < HOUR_MS,
    );
    if (refused.length >= MOST_REFUSED) return memory;
    const words = 'only people who may push to this repository may say so.';
    const isLast = refused.length === MOST_REFUSED - 1;
    await react('-1');
    await recorder.refused({
      ...{ pullRequest: ref, person: author, asked: one.asked },
      why: isLast
        ? `${words} What else is refused here within the hour is not recorded.`
        : words,
    });
    return told(false, words, {
      ...memory,
      commands: {
        ...memory.commands,
        refused: [...refused, world.now().toISOString()],
      },
    });
  }
  const { command } = one;
  if (command.verb === 'unknown') {
    await react('confused');
    return told(false, command.problem);
  }
  try {
    const { known, words } = await recorder.doing(
      'pull-request-command',
      {
        ...{ pullRequest: ref, person: author },
        detail: { asked: one.asked },
        reason: `/platform ${one.asked}`,
      },
      () => carryOut(command, comment, look, world),
    );
    await react('+1');
    return told(true, words, known);
  } catch (error) {
    // Refused for good; what may pass is tried again with the comment still unread.
    const refused =
      error instanceof InputError || error instanceof NotAllowedError;
    if (!refused) throw error;
    await react('confused');
    const words =
      error instanceof Answer ? error.message : plain(error.message);
    return told(false, words);
  }
}

async function carryOut(
  command: Exclude<Command, { verb: 'unknown' }>,
  comment: PullRequestComment,
  look: Look,
  { environments, mayKeep, now, settings }: World,
): Promise<{ known: Memory; words: string }> {
  const { ref, pullRequest, memory, save } = look;
  const key = { home: environments.home, name: environmentNameOf(ref) };
  const existing = async (): Promise<EnvironmentResource> => {
    const found = await environments.find(key);
    if (found && !found.deletedAt) return found;
    throw new Answer(
      'there is no environment now; `/platform create` makes one.',
    );
  };
  switch (command.verb) {
    case 'extend': {
      const resource = await existing();
      const planned = memory.commands.extending;
      const until =
        planned?.comment === comment.id
          ? new Date(planned.until)
          : extendedEnd(resource, command.by, settings, now());
      const known: Memory = {
        ...memory,
        commands: {
          ...memory.commands,
          extending: { comment: comment.id, until: until.toISOString() },
        },
      };
      await save(known);
      await environments.extend(key, until);
      return {
        known,
        words: `it is to stay until ${timeWords(until.toISOString())}.`,
      };
    }
    case 'keep':
      if (!mayKeep) throw new Answer(KEPT_ELSEWHERE);
      await existing();
      await environments.keep(key, true);
      return { known: memory, words: 'it stays until somebody ends it.' };
    case 'destroy': {
      const known: Memory = {
        ...memory,
        ended: {
          ...{ why: 'destroyed', commit: pullRequest.commit },
          by: comment.author,
        },
      };
      // Remembered first: it must not be made again by whoever goes on after a crash.
      await save(known);
      const found = await environments.find(key);
      if (found) await environments.delete(key, found.uid);
      return { known, words: 'it is ended, with its database.' };
    }
    case 'create':
      return {
        known: { ...memory, ended: undefined, applied: undefined },
        words: 'it is made anew.',
      };
    default: {
      const commit = approvedCommit(command, look);
      return {
        known: {
          ...memory,
          approval: {
            ...memory.approval,
            given: { commit, by: comment.author },
          },
        },
        words: `\`${commit.slice(0, 7)}\` may be started.`,
      };
    }
  }
}

/**
 * The commit that somebody approves is the one whose whole hash they write. Our comment always names the newest, which may have
 * been pushed between their reading and their writing; and commits that begin alike are soon made.
 */
function approvedCommit(
  { commit }: Extract<Command, { verb: 'approve' }>,
  { pullRequest }: Look,
): string {
  if (!pullRequest.fork) {
    throw new Answer(
      'this pull request comes from this repository and needs none.',
    );
  }
  if (commit === pullRequest.commit) return commit;
  if (commit === undefined || !WHOLE_HASH.test(commit)) {
    throw new Answer(
      'say which commit you have read, by its whole hash: `/platform approve <whole hash>`. The line to write stands in this comment while one waits.',
    );
  }
  throw new Answer(
    `its newest commit is \`${pullRequest.commit.slice(
      0,
      7,
    )}\`, another one than you approve. Read that.`,
  );
}

function withRead(memory: Memory, comment: PullRequestComment): Memory {
  const { since, read } = memory.commands;
  const later =
    since === undefined || Date.parse(comment.updatedAt) > Date.parse(since);
  return {
    ...memory,
    commands: {
      ...memory.commands,
      since: later ? comment.updatedAt : since,
      // The host's clock has whole seconds: those of the same second come again.
      read: [...read, comment.id].slice(-MOST_KNOWN),
      extending: undefined,
    },
  };
}
