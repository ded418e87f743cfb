import {
  Commit,
  followPreview,
  Preview,
} from '@highroad/plugin-deployments-common';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { Output } from '../../output/Output';
import { Portal } from '../../portal/Portal';
import { stepLine } from './words';

/** What would be brought where: a version, or what runs in the environment `from`. */
interface Asked {
  service: string;
  environment: string;
  version?: string;
  from?: string;
}

/**
 * Says what a deployment or a promotion would come to, and begins none.
 *
 * @throws CliError if a check refuses it
 */
export async function showPreview(
  portal: Portal,
  asked: Asked,
  output: Output,
): Promise<void> {
  const told = new Set<string>();
  const preview = await followPreview({ fetch: portal.fetch }, asked, check => {
    // Who reads it at once sees each as it passes; it is not said twice.
    if (check.state === 'running' || !output.live) return;
    told.add(check.name);
    output.note(stepLine(check));
  });
  const checks = preview.checks.filter(({ name }) => !told.has(name));
  output.answer({ preview }, () => previewText({ ...preview, checks }, asked));
  if (preview.ok) return;
  const failed = preview.checks.find(({ state }) => state === 'failed');
  throw new CliError(
    `${preview.version} would not be ${
      asked.from ? 'promoted' : 'deployed'
    } to ${asked.environment}.`,
    {
      why: [preview.summary, ...(failed?.evidence.slice(0, 20) ?? [])].join(
        '\n  ',
      ),
      runbook: 'deployment-failed',
      exitCode: ['guardrails', 'manifests'].includes(failed?.name ?? '')
        ? exitCodes.refused
        : exitCodes.failed,
    },
  );
}

/** Checks, commits and manifests, one below the other. */
export function previewText(
  { checks, version, digest, running, commits, manifests }: Preview,
  { environment, from }: Pick<Asked, 'environment' | 'from'>,
): string {
  const lines = checks.map(stepLine);
  lines.push(
    '',
    ...(from
      ? [`${version}${digest ? ` (${digest})` : ''} runs in ${from}.`]
      : []),
    running
      ? `${running.version} runs in ${environment}.`
      : `Nothing runs in ${environment} yet.`,
    '',
    ...commitLines(commits),
    '',
    ...manifestLines(manifests),
    '',
    'Nothing was changed.',
  );
  return lines.join('\n');
}

function commitLines(commits: Preview['commits']): string[] {
  if (!commits.known) return [`Commits: not known. ${commits.why}`];
  const { added, removed, more } = commits;
  if (added.length + removed.length === 0) return ['Commits: the same'];
  const line = (sign: string) => (one: Commit) =>
    `  ${sign} ${one.commit.slice(0, 8)} ${one.subject} (${one.author})`;
  return [
    'Commits:',
    ...added.map(line('+')),
    ...removed.map(line('-')),
    ...(more ? ['  … and more'] : []),
  ];
}

function manifestLines(manifests: Preview['manifests']): string[] {
  if (!manifests.known) return [`Manifests: not known. ${manifests.why}`];
  return manifests.diff
    ? ['Manifests:', manifests.diff.trimEnd()]
    : ['Manifests: the same'];
}
