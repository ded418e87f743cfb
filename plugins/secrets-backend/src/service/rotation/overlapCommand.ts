import { RANDOM, RotationRule } from '@highroad/plugin-secrets-common';
import { SecretPath } from '../../drivers/vault/SecretPath';

/** The command that has the value before end at once, and leaves the rest of the rule as it is. */
export function overlapCommand(
  { service, environment, key }: SecretPath,
  rule: RotationRule,
): string {
  const { cron, everyDays, generator, settings, timeZone, window } = rule;
  const name = service.replace(/^component:default\//, '');
  const options = [
    ['--env', environment],
    cron === undefined ? ['--every', `${everyDays}d`] : ['--cron', cron],
    timeZone === 'UTC' ? [] : ['--time-zone', timeZone],
    window ? ['--window', `${window.from}-${window.to}`] : [],
    ['--generator', generator],
    ...Object.entries(settings).map(([setting, value]) =>
      generator === RANDOM
        ? [`--${setting}`, `${value}`]
        : ['--set', `${setting}=${value}`],
    ),
    ['--overlap', '0h'],
  ];
  return [
    `platform secrets rotate ${name}/${key}`,
    ...options.flat().map(quoted),
  ].join(' ');
}

/** As a shell takes it. */
function quoted(word: string): string {
  return /^[\w./:=@-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}
