import {
  howOften,
  isUnseen,
  MissingKey,
  needsOf,
  Rotation,
  Secret,
  urgencyOf,
  whyMissing,
} from '@highroad/plugin-secrets-common';
import { table } from '../../output/table';
import { withoutFraction } from '../../output/withoutFraction';
import { needText } from './attention';
import type { Listed } from './list';
import { syncLine } from './words';

/**
 * A row for each key, a column for each environment. What needs somebody comes first.
 *
 * @param options.only - name of the one environment that is shown; all if left out
 * @param options.width - columns of the terminal
 */
export function listedInWords(
  listed: Listed,
  options: { name: string; only?: string; width: number },
): string {
  const { items, environments, missing, provided, rotations, unseen } = listed;
  const { name, only, width } = options;
  const unseenKeys = unseen.flatMap(({ key }) => (key ? [{ key }] : []));
  if (items.length + missing.length + unseen.length === 0) {
    return [
      `${name} has no secrets${only ? ` in ${only}` : ''}.`,
      `Set one: platform secrets set ${name}/DATABASE_URL`,
      ...aroundKeys(listed),
    ].join('\n');
  }
  const shown = environments.filter(one => !only || one.name === only);
  const now = Date.now();
  const at = <T extends { key: string; environment: string }>(
    all: T[],
    key: string,
    environment: string,
  ) => all.find(one => one.key === key && one.environment === environment);
  const named = [...missing, ...items, ...unseenKeys].map(({ key }) => key);
  const keys = [...new Set(named)].sort().map(key => ({
    key,
    cells: shown.map(({ name: environment }) => {
      const secret = at(items, key, environment);
      const needs = needsOf(
        {
          ...{ secret, rotation: at(rotations, key, environment) },
          missing: at(missing, key, environment),
        },
        now,
      );
      const hidden = isUnseen({ environment, key }, unseen);
      const none = noneText({
        ...{ hidden, missing: at(missing, key, environment) },
        provided: provided.includes(key),
      });
      return { needs, text: cellText(secret, needs, none) };
    }),
  }));
  const urgency = ({ cells }: (typeof keys)[number]) =>
    urgencyOf(cells.flatMap(({ needs }) => needs));
  keys.sort((one, other) => urgency(one) - urgency(other));
  return [
    table(
      ['KEY', ...shown.map(one => one.name.toLocaleUpperCase('en-US'))],
      keys.map(({ key, cells }) => [key, ...cells.map(({ text }) => text)]),
      width,
    ),
    ...missing.map(
      one =>
        `✖ ${one.key} is missing in ${one.environment}: ${whyMissing(
          one,
        )}. Set it: platform secrets set ${name}/${one.key} --env ${
          one.environment
        }`,
    ),
    ...rotations.flatMap(one => rotationLine(one, now) ?? []),
    ...unseen.map(
      ({ key, environment, why }) =>
        `! ${key ?? 'What there is'} in ${environment} cannot be seen: ${why}`,
    ),
    ...aroundKeys(listed),
  ].join('\n');
}

/** What is to be known whether there are keys or not: what could not be seen, what is lent, and where a cluster is behind. */
function aroundKeys({
  usesProblem,
  lent,
  lentUnknown,
  sync,
}: Listed): string[] {
  return [
    ...(usesProblem
      ? [`! What its programs need cannot be seen: ${usesProblem}`]
      : []),
    ...(lent ?? []).map(
      ({ key, environment, to }) =>
        `${key} of ${environment} is lent to ${to.join(', ')}`,
    ),
    ...(lentUnknown ? [`! ${lentUnknown}`] : []),
    ...sync.filter(one => one.state !== 'synced').map(syncLine),
  ];
}

/** `✔ version 3; ✖ overdue` */
function cellText(
  secret: Secret | undefined,
  needs: ReturnType<typeof needsOf>,
  none: string,
): string {
  // It is said by its own word already.
  const others = needs.filter(kind => !kind.startsWith('missing'));
  const rest = others.map(kind => `; ${needText(kind)}`).join('');
  if (!secret) return `${none}${rest}`;
  if (secret.state === 'deleted') return `⊘ deleted${rest}`;
  return `✔ version ${secret.version}${rest}`;
}

/** What is said where there is none. */
function noneText(of: {
  hidden: boolean;
  missing: MissingKey | undefined;
  provided: boolean;
}): string {
  if (of.hidden) return '? unknown';
  return of.provided && !of.missing
    ? '— made with the first deployment'
    : '— missing';
}

/** What is due, late or went wrong; nothing for what goes well. */
function rotationLine(rotation: Rotation, now: number): string | undefined {
  const [kind] = needsOf(
    { secret: undefined, missing: undefined, rotation },
    now,
  );
  if (!kind) return undefined;
  const { key, environment, dueAt, problem } = rotation;
  const words = `${needText(
    kind,
  )}  ${key} in ${environment}, replaced ${howOften(
    rotation,
  )}, due ${withoutFraction(dueAt)}`;
  return problem
    ? `${words}: ${problem} See docs/runbooks/secret-not-replaced.md.`
    : words;
}
