import {
  actorRefOf,
  eventNameOf,
  RecordFilter,
  recordFilterSchema,
  serviceRefOf,
  utcTime,
} from '@highroad/plugin-audit-common';
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';

/** How far back, as it stands in the address. */
export const ranges = [
  ...(['hour', 'day', 'week', 'month'] as const),
  ...(['all', 'between'] as const),
];
export type Range = (typeof ranges)[number];

const HOUR_MS = 3_600_000;
const LENGTHS: Record<Range, number | undefined> = {
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30 * 24 * HOUR_MS,
  all: undefined,
  between: undefined,
};

/** What a person types or chooses. Empty text for what does not matter. */
export interface Choice {
  service: string;
  environment: string;
  actor: string;
  event: string;
  door: string;
  outcome: string;
  correlation: string;
  /** Name of a secret of the service */
  key: string;
  /** One of the ranges, unless somebody made the address up */
  range: string;
  /** With the range `between`: times as they were written, either may be missing */
  from: string;
  until: string;
}

/** What is not understood, in words, by where it was chosen. */
export type Wrong = Partial<Record<keyof Choice, string>>;

const NAMES = [
  'service',
  'environment',
  'actor',
  'event',
  'door',
  'outcome',
  'correlation',
  'key',
] as const;

/** What the page shows, kept in the address, so that a look can be sent to somebody. */
export function useRecordFilter(fixed: { service?: string }) {
  const [params, setParams] = useSearchParams();
  const record = params.get('record') ?? undefined;
  // Whoever looks at a record beside the list keeps the list.
  const rest = new URLSearchParams(params);
  rest.delete('record');
  const text = rest.toString();
  const choice = useMemo(() => readChoice(new URLSearchParams(text)), [text]);
  const change = useCallback(
    // One change of the address at a time: of two, the second would undo the first.
    (part: Partial<Choice> & { record?: string }) =>
      setParams(
        before => {
          const next = new URLSearchParams(before);
          for (const [name, value] of Object.entries(part)) {
            const isAll = name === 'range' && value === 'all';
            if (!value || isAll) next.delete(name);
            else next.set(name, value);
          }
          return next;
        },
        // Whoever opened a record goes back to the list.
        { replace: !part.record },
      ),
    [setParams],
  );
  const { service } = fixed;
  const { filter, wrong } = useMemo(() => {
    // Whatever the address says: where records of one thing are asked for, there are no others.
    if (!service) return understand(choice, Date.now());
    const found = understand({ ...choice, service: '' }, Date.now(), true);
    return { ...found, filter: found.filter && { ...found.filter, service } };
  }, [choice, service]);
  const narrowed = NAMES.some(name => choice[name]) || choice.range !== 'all';
  return {
    choice,
    change,
    /** Missing where anything is not understood: more than was asked for is never listed nor exported */
    filter,
    wrong,
    narrowed,
    /** Id of the one that is looked at */
    record,
  };
}

function readChoice(params: URLSearchParams): Choice {
  const [from, until] = [params.get('from') ?? '', params.get('until') ?? ''];
  const range = from || until ? 'between' : params.get('range') || 'all';
  const given = NAMES.map(name => [name, params.get(name) ?? '']);
  return {
    ...(Object.fromEntries(given) as Record<(typeof NAMES)[number], string>),
    ...{ from, until, range },
  };
}

/** As it can stand below a field. */
function quoted(given: string): string {
  return `“${given.length > 24 ? `${given.slice(0, 23)}…` : given}”`;
}

const noneOf = (given: string) => `${quoted(given)} is none of these`;

const noTime = (given: string) =>
  `${quoted(given)} is no time, such as 2026-01-31T12:00Z`;

/**
 * What the backend is asked for; nothing where something makes no sense. A bare name is taken for what people mean by it.
 *
 * @param ofOne - the service is given by the page
 */
function understand(
  choice: Choice,
  now: number,
  ofOne = false,
): { filter?: RecordFilter; wrong: Wrong } {
  const { service, actor, event, environment, ...others } = choice;
  const { from, until, range: given, ...rest } = others;
  const range = ranges.find(one => one === given);
  const length = range && LENGTHS[range];
  const since = from
    ? utcTime(from)
    : length && new Date(now - length).toISOString();
  const before = utcTime(until);
  const wrong: Wrong = {
    ...(!range && { range: noneOf(given) }),
    ...(from && !since && { from: noTime(from) }),
    ...(until && !before && { until: noTime(until) }),
  };
  const parsed = recordFilterSchema.safeParse({
    ...Object.fromEntries(
      Object.entries(rest).filter(([, value]) => value !== ''),
    ),
    ...(service && { service: serviceRefOf(service) }),
    ...(actor && { actor: actorRefOf(actor, 'person') }),
    ...(event && { event: eventNameOf(event) }),
    // No environment has capitals.
    ...(environment && { environment: environment.toLowerCase() }),
    ...(since && { since }),
    ...(before && { until: before }),
  });
  if (parsed.data?.key && !parsed.data.service && !ofOne) {
    wrong.key = 'Name the service too';
  }
  if (parsed.success) {
    const isUnderstood = Object.keys(wrong).length === 0;
    return { wrong, ...(isUnderstood && { filter: parsed.data }) };
  }
  for (const { path, code } of parsed.error.issues) {
    const name = NAMES.find(one => one === path[0]);
    if (!name) continue;
    wrong[name] = code === 'too_big' ? 'Too long' : noneOf(choice[name]);
  }
  return { wrong };
}
