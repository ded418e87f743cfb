import { Build, durationText } from '@highroad/plugin-sandbox-common';

/** What was built, as people name it. */
export function refText({ ref }: Build): string {
  return ref.kind === 'branch'
    ? ref.branch
    : `pull request ${ref.number} (${ref.branch})`;
}

/** How long it took; undefined where it has not ended, or never began. */
export function tookText({ progress }: Build): string | undefined {
  if (!('startedAt' in progress) || !('endedAt' in progress)) return undefined;
  const ms = Date.parse(progress.endedAt) - Date.parse(progress.startedAt);
  return durationText(ms / 1000);
}
