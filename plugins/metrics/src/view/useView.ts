import {
  AdoptionKey,
  adoptionKeys,
  Bucket,
  buckets,
  Key,
  keys,
  TeamColumn,
  teamColumns,
} from '@highroad/plugin-metrics-common';
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';

export const tabs = ['delivery', 'adoption', 'surveys', 'sources'] as const;
export type Tab = (typeof tabs)[number];
export const spans = [30, 90, 180, 365] as const;
/** What a list behind a number can be of: of each what it was taken from, the incidents of the time to restore, and failures that are open. */
const behinds = [
  ...keys,
  ...(['incidents', 'open-failures'] as const),
  ...adoptionKeys,
] as const;
export type By = 'owner' | 'system' | 'service';
const bys: By[] = ['owner', 'system', 'service'];
/** More at once are slow to draw, and nobody reads them; sorting brings up what is looked for. */
export const ROWS = { step: 50, most: 500 };

/** What the page shows. All of it stands in the address, so that a look can be sent to somebody. */
export interface View {
  tab: Tab;
  /** Reference of a group, system or service */
  slice?: string;
  environment?: string;
  /** Days back from today, where no range is said */
  span: number;
  from?: string;
  to?: string;
  bucket: Bucket;
  by: By;
  /** What the table is sorted by */
  sort: TeamColumn;
  descending: boolean;
  /** How many rows of the table are shown */
  rows: number;
  /** The number that charts are of */
  key: Key;
  /** The number of adoption that the chart is of */
  number: AdoptionKey;
  /** Charts as tables */
  table: boolean;
  /** The number of which it is shown what is behind it, and of which time */
  details?: {
    key: (typeof behinds)[number];
    from?: string;
    to?: string;
    /** Of adoption: only what counts, or only what does not */
    counts?: boolean;
    /** Of durations: only what took so many seconds or more */
    atLeast?: number;
    /** And less than so many */
    below?: number;
  };
}

interface Slice {
  slice?: string;
  from?: string;
  to?: string;
  days?: number;
}

/** What a question about numbers of production takes. */
export function sliceOf({ slice, span, from, to }: View): Slice {
  return { slice, ...(from || to ? { from, to } : { days: span }) };
}

/** What a question about numbers takes. */
export function scopeOf(view: View): Slice & { environment?: string } {
  return { ...sliceOf(view), environment: view.environment };
}

function oneOf<T extends string>(
  list: readonly T[],
  text: string | null,
): T | undefined {
  return list.find(one => one === text);
}

export function readView(params: URLSearchParams): View {
  const text = (name: string) => params.get(name) || undefined;
  const span = Number(params.get('days'));
  const details = oneOf(behinds, params.get('details'));
  const rows = Number(params.get('rows'));
  const counts = oneOf(['yes', 'no'], params.get('dcounts'));
  const secondsIn = (name: string) => {
    const given = text(name);
    const seconds = Number(given);
    const isGood = given !== undefined && Number.isInteger(seconds);
    return isGood && seconds >= 0 ? seconds : undefined;
  };
  return {
    tab: oneOf(tabs, params.get('tab')) ?? 'delivery',
    slice: text('of'),
    environment: text('env'),
    span: spans.find(one => one === span) ?? 90,
    from: text('from'),
    to: text('to'),
    bucket: oneOf(buckets, params.get('bucket')) ?? 'week',
    by: oneOf(bys, params.get('by')) ?? 'owner',
    sort: oneOf(teamColumns, params.get('sort')) ?? 'name',
    descending: params.get('descending') === 'yes',
    rows:
      Number.isInteger(rows) && rows > 0
        ? Math.min(rows, ROWS.most)
        : ROWS.step,
    key: oneOf(keys, params.get('key')) ?? 'frequency',
    number: oneOf(adoptionKeys, params.get('number')) ?? 'onboarding',
    table: params.get('table') === 'yes',
    ...(details && {
      details: {
        ...{ key: details, from: text('dfrom'), to: text('dto') },
        ...(counts && { counts: counts === 'yes' }),
        ...{ atLeast: secondsIn('datleast'), below: secondsIn('dbelow') },
      },
    }),
  };
}

const NAMES: Record<keyof Omit<View, 'details'>, string> = {
  ...{ tab: 'tab', slice: 'of', environment: 'env', span: 'days' },
  ...{ from: 'from', to: 'to', bucket: 'bucket', by: 'by', key: 'key' },
  ...{
    number: 'number',
    table: 'table',
    sort: 'sort',
    descending: 'descending',
    rows: 'rows',
  },
};

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

/** The view, and how a part of it is changed. */
export function useView(): {
  view: View;
  change: (part: Partial<View>) => void;
} {
  const [params, setParams] = useSearchParams();
  const view = useMemo(() => readView(params), [params]);
  const change = useCallback(
    (part: Partial<View>) =>
      setParams(
        before => {
          const next = new URLSearchParams(before);
          const set = (name: string, value: unknown) => {
            if (value === undefined || value === '' || value === false) {
              next.delete(name);
            } else next.set(name, value === true ? 'yes' : String(value));
          };
          if ('details' in part) {
            set('details', part.details?.key);
            set('dfrom', part.details?.from);
            set('dto', part.details?.to);
            const counts = part.details?.counts;
            set('dcounts', counts === undefined ? counts : yesOrNo(counts));
            set('datleast', part.details?.atLeast);
            set('dbelow', part.details?.below);
          }
          for (const [name, as] of Object.entries(NAMES)) {
            if (name in part) set(as, Reflect.get(part, name));
          }
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  return { view, change };
}
