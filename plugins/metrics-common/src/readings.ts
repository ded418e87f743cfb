import { BandName } from './bands';
import { definitions, Key, Unit } from './definitions';
import { Beside, Measure, Partly } from './results';

const CHANCE = ' (few cases, so it may be chance)';

const STEPS: Array<[string, number]> = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
];

/** A length of time in two units at most, such as "3 d 4 h". */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const at = STEPS.findIndex(([, length]) => whole >= length);
  if (at < 0) return '0 s';
  const [unit, length] = STEPS[at];
  const count = Math.floor(whole / length);
  const next = STEPS[at + 1];
  const rest = next && Math.floor((whole % length) / next[1]);
  return rest ? `${count} ${unit} ${rest} ${next[0]}` : `${count} ${unit}`;
}

/** Which lengths of time are meant: so many seconds or more, and less than so many. */
export interface Took {
  atLeast?: number;
  below?: number;
}

/** Lengths of time as people call them, such as "6 h or more and less than 1 d". */
export function tookText({ atLeast = 0, below }: Took): string {
  const parts = [
    ...(atLeast > 0 ? [`${durationText(atLeast)} or more`] : []),
    ...(below === undefined ? [] : [`less than ${durationText(below)}`]),
  ];
  return parts.length > 0 ? parts.join(' and ') : 'any time';
}

/**
 * A group, system or service as people call it: without its kind, and without the namespace that most are in.
 *
 * @param ref - whole, such as component:default/cart
 */
export function nameOf(ref: string): string {
  return ref.replace(/^[^:]*:(default\/)?/, '');
}

/** A value in its unit, as people read it. */
export function valueText(value: number, unit: Unit): string {
  if (unit === 'seconds') return durationText(value);
  // With a decimal, since 10.4 % is in another band than 10 %.
  if (unit === 'share') return `${round(value * 100, 1)} %`;
  return round(value, value < 10 ? 1 : 0);
}

function round(value: number, decimals: number): string {
  return new Intl.NumberFormat('en', {
    maximumFractionDigits: decimals,
  }).format(value);
}

/** That numbers are without what nobody told of. */
export function partlyText({ known, of }: Partly): string {
  return `Deployments of ${known} of ${of} services are known for the whole time, so what the others deployed may be missing.`;
}

/** A measure in a few words. What is not known is never said as a number. */
export function measureText(measure: Measure, unit: Unit): string {
  if (measure.state === 'no-data') return 'no data';
  if (measure.state === 'nothing') return 'none';
  return valueText(measure.value, unit);
}

/** What three of four, and nine of ten, of what a median was taken from stay below, such as "p75 3 h, p90 1 d"; empty where it is no median. */
export function spreadText(measure: Measure, unit: Unit): string {
  if (measure.state !== 'value') return '';
  const { p75, p90 } = measure;
  return [
    ...(p75 === undefined ? [] : [`p75 ${valueText(p75, unit)}`]),
    ...(p90 === undefined ? [] : [`p90 ${valueText(p90, unit)}`]),
  ].join(', ');
}

/** Numbers beside the first one, as people read them; empty where none says anything. */
export function besidesText(items: Beside[]): string {
  return items
    .filter(
      one => one.unit !== 'days' && (one.value > 0 || one.unit === 'count'),
    )
    .map(one => `${one.name}: ${besideText(one)}`)
    .join('; ');
}

function besideText({ value, unit }: Beside): string {
  if (unit === 'seconds') return durationText(value);
  return unit === 'share'
    ? valueText(value, 'share')
    : value.toLocaleString('en');
}

/** Differences smaller than this, in relation, are not spoken of as a change. */
const NOTABLE = 0.05;
/** With fewer than this, a difference may be chance. */
const FEW = 5;

/** A band, and that it is of few cases where it may be chance. How often something happens is no less certain where that is seldom. */
function bandText(key: Key, n: number, band: BandName): string {
  const few = n < FEW && key !== 'frequency';
  return ` (band: ${band}${few ? `, of ${n} only` : ''})`;
}

/** What a key says, in one sentence. */
export function readingOf(
  key: Key,
  current: Measure,
  previous: Measure,
  band: BandName | undefined,
): string {
  const { title, unit, better } = definitions[key];
  if (current.state !== 'value') return current.why;
  const now = `${subject(key, valueText(current.value, unit))}${
    band ? bandText(key, current.n, band) : ''
  }`;
  if (previous.state !== 'value') {
    return `${now}; there is nothing before to compare ${title.toLocaleLowerCase(
      'en',
    )} with.`;
  }
  const few = Math.min(current.n, previous.n) < FEW;
  return `${now}, ${differenceText(current.value, previous.value, {
    unit,
    better,
  })}${few && isNotable(current.value, previous.value) ? CHANCE : ''}.`;
}

/** How a value differs from the one in the range before. */
export function differenceText(
  current: number,
  previous: number,
  { unit, better }: { unit: Unit; better: 'more' | 'less' },
): string {
  if (!isNotable(current, previous)) return 'about as in the period before';
  const good = current > previous === (better === 'more');
  return `${good ? 'better' : 'worse'} than ${valueText(
    previous,
    unit,
  )} in the period before`;
}

function isNotable(current: number, previous: number): boolean {
  return previous === 0
    ? current !== 0
    : Math.abs((current - previous) / previous) >= NOTABLE;
}

function subject(key: Key, value: string): string {
  switch (key) {
    case 'frequency':
      return `${value} deployments a week`;
    case 'lead-time':
      return `Half of the changes take less than ${value} to production`;
    case 'change-failure-rate':
      return `${value} of the deployments needed intervention`;
    case 'recovery':
      return `Half of the failures were repaired within ${value}`;
    default:
      return `${value} of the deployments repaired something`;
  }
}
