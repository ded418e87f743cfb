import { SecretSync } from '@highroad/plugin-secrets-common';

const SYMBOLS: Record<SecretSync['state'], string> = {
  synced: '✔',
  behind: '✖',
  waiting: '…',
  left: '–',
};

/** `✔ synced  staging: 3 keys in cart-staging; restarts at 12:00:10Z` */
export function syncLine(sync: SecretSync): string {
  const { state, environment, message, restartAt } = sync;
  const restart = restartAt
    ? `; what uses them restarts at ${restartAt.replace(
        /^.*T(.*?)\.\d+Z$/,
        '$1Z',
      )}`
    : '';
  const runbook =
    state === 'behind' ? ' See docs/runbooks/secrets-behind.md.' : '';
  return `${SYMBOLS[state]} ${state}  ${environment}: ${message}${restart}${runbook}`;
}
