import {
  isFailing,
  runbookOf,
  runbooks,
} from '@highroad/plugin-environments-common';
import { PullRequest } from '../drivers/gitHosts/PullRequestHost';
import { EnvironmentResource } from '../service/EnvironmentResources';
import { isKept } from '../service/lifetimeEnd';
import { Memory } from './Memory';
import { Standing } from './Standing';
import { toldUntilLine } from './takeCommands';
import { MANIFEST_PATH } from './wantedEnvironment';
import {
  code,
  databaseWord,
  phaseOf,
  phaseWords,
  plain,
  serviceWord,
  timeWords,
} from './words';

const howTo = (
  mayKeep: boolean,
) => `<details><summary>What you can write here</summary>

| Comment | |
|---|---|
| \`/platform extend 3d\` | have it stay three days longer |
${
  mayKeep ? '| `/platform keep` | have it stay until somebody ends it |\n' : ''
}| \`/platform destroy\` | end it now, with its database |
| \`/platform create\` | have it again after it ended |
| \`/platform approve\` and a whole hash | for a pull request from a fork: start that commit, which has to be the newest |

Whoever may push to this repository may write these.
</details>`;
const MOST_TOLD = 5;

/** What stands under a pull request, and nothing that changes without anything having happened. */
export function renderComment(options: {
  pullRequest: PullRequest;
  standing: Exclude<Standing, { kind: 'nothing' }>;
  memory: Memory;
  /** Whether a comment may have it kept */
  mayKeep: boolean;
  /** Address of a commit's page */
  commitUrl: (commit: string) => string;
  /** Address of the environment's page in the portal */
  portalUrl: string;
  /** Address of a page of docs/runbooks */
  runbookUrl: (page: string) => string;
}): string {
  const { pullRequest, standing, memory, commitUrl, runbookUrl } = options;
  const runbook = runbookUrl(runbooks.pullRequest);
  const short = (commit: string) =>
    `[\`${commit.slice(0, 7)}\`](${commitUrl(commit)})`;
  const title = (icon: string, word: string) =>
    `### ${icon} Preview environment: ${word}`;
  const told = memory.commands.told
    .slice(-MOST_TOLD)
    .map(
      ({ author, asked, done, words }) =>
        `- ${done ? '✅' : '⛔'} **${plain(author)}**: ${code(
          `/platform ${asked}`,
        )} – ${words}`,
    );
  const after = [
    ...(told.length > 0 ? [told.join('\n')] : []),
    ...(standing.kind === 'taken-down' ? [] : [howTo(options.mayKeep)]),
    ...(memory.commands.toldUntil
      ? [toldUntilLine(memory.commands.toldUntil)]
      : []),
  ];
  const all = (...parts: string[]) => [...parts, ...after].join('\n\n');
  const waiting = ({ waiting: commit }: { waiting?: string }) =>
    commit
      ? [
          `${short(
            commit,
          )} is newer. It waits until somebody who may push here has read it and writes`,
          approveLine(commit),
        ]
      : [];
  const meanwhile = (resource: EnvironmentResource | undefined) =>
    resource
      ? ['It stays as it was:', ...factsOf(resource, short, options.portalUrl)]
      : [];

  switch (standing.kind) {
    case 'invalid':
      return all(
        title('⛔', 'its manifest is not valid'),
        `\`${MANIFEST_PATH}\` at ${short(standing.commit)}:`,
        standing.problems
          .map(
            ({ field, line, message }) =>
              `- ${line ? `line ${line}, ` : ''}${
                field ? `${code(field)}: ` : ''
              }${plain(message)}`,
          )
          .join('\n'),
        `Correct it and push. [What a manifest holds](${runbook})`,
        ...meanwhile(standing.resource),
        ...waiting(standing),
      );
    case 'refused':
      return all(
        title('⛔', 'refused'),
        plain(standing.message),
        `[What to do](${runbook})`,
        ...meanwhile(standing.resource),
        ...waiting(standing),
      );
    case 'awaiting-approval':
      return all(
        title('✋', 'waiting for approval'),
        `This pull request comes from a fork. Nothing of ${short(
          pullRequest.commit,
        )} is started until somebody who may push here has read it and writes`,
        approveLine(pullRequest.commit),
        'It gets no secrets, also then.',
      );
    case 'ended':
      return all(
        title('⚪', 'ended'),
        standing.why === 'destroyed'
          ? `${plain(
              standing.by,
            )} ended it, with its database. \`/platform create\` makes a new one.`
          : 'Its time was up, or somebody ended it in the portal. A new commit or `/platform create` makes a new one.',
      );
    case 'without-manifest':
      return all(
        title('⚪', 'none'),
        `There is no \`${MANIFEST_PATH}\` at ${short(
          pullRequest.commit,
        )}. Add one to have an environment.`,
      );
    case 'taken-down':
      return all(
        standing.done
          ? title('⚪', 'gone')
          : title(phaseWords.deleting.icon, phaseWords.deleting.word),
        `The pull request was ${standing.merged ? 'merged' : 'closed'}; ${
          standing.done
            ? 'nothing is left of its environment.'
            : 'its environment is taken down.'
        }`,
      );
    default:
      return all(
        ...ofResource(standing.resource, short, options.portalUrl, runbookUrl),
        ...(standing.note ? [`> ${plain(standing.note)}`] : []),
        ...waiting(standing),
      );
  }
}

/** Ready to be copied. In a block of code, where it is no command itself. */
function approveLine(commit: string): string {
  return `\`\`\`text\n/platform approve ${commit}\n\`\`\``;
}

function ofResource(
  resource: EnvironmentResource,
  short: (commit: string) => string,
  portalUrl: string,
  runbookUrl: (page: string) => string,
): string[] {
  const phase = phaseOf(resource);
  const { icon, word } = phaseWords[phase];
  // Waiting for CI is the ordinary course of a pull request.
  const runbook = phase === 'waiting-for-image' ? undefined : runbookOf(phase);
  const { status, generation, problem } = resource;
  // What was said of an earlier manifest says nothing of this one.
  const isCurrent = status.observedGeneration === generation;
  // Why, is said in the portal only: everybody may read a pull request.
  const message = isFailing(status)
    ? "It can't be looked after now, and is tried again. The portal says why."
    : (isCurrent && status.message) || problem;
  return [
    `### ${icon} Preview environment: ${word}`,
    ...(message ? [plain(message)] : []),
    ...(runbook ? [`[What to do](${runbookUrl(runbook)})`] : []),
    ...factsOf(resource, short, portalUrl),
  ];
}

/** Where its parts answer, how they do, and until when. */
function factsOf(
  resource: EnvironmentResource,
  short: (commit: string) => string,
  portalUrl: string,
): string[] {
  const { spec, status } = resource;
  const commit = spec?.pullRequest?.commit;
  const ends = isKept(resource)
    ? 'stays until somebody ends it'
    : status.expiresAt && `ends ${timeWords(status.expiresAt)}`;
  const facts = [
    commit && `commit ${short(commit)}`,
    ends,
    `[in the portal](${portalUrl})`,
  ].filter(Boolean);
  const rows = [
    ...status.services.map(one => [
      plain(one.name),
      one.url ? `<${one.url.replace(/[\s<>|]/g, encodeURIComponent)}>` : '',
      `${serviceWord(one.state)}${withReason(one.message)}`,
    ]),
    ...status.databases.map(one => [
      `${plain(one.name)} (${plain(one.type)})`,
      one.seed ? `seed ${code(one.seed.path)}` : '',
      `${databaseWord(one.state)}${withReason(one.message)}`,
    ]),
  ];
  return [
    ...(rows.length > 0
      ? [
          [
            '| | Address | State |',
            '|---|---|---|',
            ...rows.map(row => `| ${row.join(' | ')} |`),
          ].join('\n'),
        ]
      : []),
    facts.join(' · '),
    ...status.warnings.map(warning => `⚠️ ${plain(warning)}`),
  ];
}

function withReason(message: string | undefined): string {
  return message ? `: ${plain(message)}` : '';
}
