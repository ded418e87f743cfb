import {
  actorRefOf,
  RecordFilter,
  recordFilterSchema,
  serviceRefOf,
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
  range: Range;
  /** With the range `between`: times in UTC, either may be missing */
  from: string;
  until: string;
}
const NAMES = [
  'service',
  'environment',
  'actor',
  'event',
  'door',
  'outcome',
  'correlation',
] as const;

/** What the page shows, kept in the address, so that a look can be sent to somebody. */
export function useRecordFilter(fixed: { service?: string }) {
  const [params, setParams] = useSearchParams();
  const text = params.toString();
  const choice = useMemo(() => readChoice(new URLSearchParams(text)), [text]);
  const change = useCallback(
    // One change of the address at a time: of two, the second would undo the first.
    (part: Partial<Choice> & { record?: string }) =>
      setParams(
        before => {
          const next = new URLSearchParams(before);
          for (const [name, value] of Object.entries(part)) {
            if (!value || value === 'all') next.delete(name);
            else next.set(name, value);
          }
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  const { service } = fixed;
  const filter = useMemo(
    () => ({
      ...filterOf(choice, Date.now()),
      // Whatever the address says: where records of one thing are asked for, there are no others.
      ...(service && { service }),
    }),
    [choice, service],
  );
  const narrowed = NAMES.some(name => choice[name]) || choice.range !== 'all';
  return {
    choice,
    change,
    filter,
    narrowed,
    /** Id of the one that is looked at */
    record: params.get('record') ?? undefined,
  };
}

function readChoice(params: URLSearchParams): Choice {
  const [from, until] = [params.get('from') ?? '', params.get('until') ?? ''];
  const range = from || until ? 'between' : params.get('range');
  const given = NAMES.map(name => [name, params.get(name) ?? '']);
  return {
    ...(Object.fromEntries(given) as Record<(typeof NAMES)[number], string>),
    ...{ from, until, range: ranges.find(one => one === range) ?? 'all' },
  };
}

/** What the backend is asked for, as far as it makes sense. A bare name is taken for what people mean by it. */
export function filterOf(choice: Choice, now: number): RecordFilter {
  const { service, actor, range, from, until, ...rest } = choice;
  const length = LENGTHS[range];
  const wanted: Record<string, unknown> = {
    ...Object.fromEntries(
      Object.entries(rest).filter(([, value]) => value !== ''),
    ),
    ...(service && { service: serviceRefOf(service) }),
    ...(actor && { actor: actorRefOf(actor, 'person') }),
    ...(length && { since: new Date(now - length).toISOString() }),
    ...(from && { since: from }),
    ...(until && { until }),
  };
  const parsed = recordFilterSchema.safeParse(wanted);
  if (parsed.success) return parsed.data;
  // An address that somebody wrote by hand may hold what does not exist. That alone is left out.
  for (const { path } of parsed.error.issues) delete wanted[path[0]];
  return recordFilterSchema.parse(wanted);
}
