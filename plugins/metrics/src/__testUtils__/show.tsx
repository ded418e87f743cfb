import { Entity } from '@backstage/catalog-model';
import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import {
  catalogApiRef,
  entityRouteRef as catalogEntityRouteRef,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  definitions,
  Detail,
  Key,
  keys,
  KeySummary,
  Measure,
  Point,
  readingOf,
  Scope,
  TeamRow,
} from '@highroad/plugin-metrics-common';
import { SignalApi, signalApiRef } from '@backstage/plugin-signals-react';
import { ReactElement } from 'react';
import { useLocation } from 'react-router-dom';
import { MetricsApi, metricsApiRef } from '../api';

export const scope: Scope = {
  environments: ['production'],
  range: { from: '2026-04-01', to: '2026-06-30' },
  previous: { from: '2026-01-01', to: '2026-03-31' },
  timeZone: 'UTC',
  incomplete: true,
  example: false,
};

export const value = (number: number, n = 40): Measure => ({
  ...{ state: 'value', value: number, n, beside: [] },
});
export const noData: Measure = { state: 'no-data', why: 'Nothing tells.' };
export const nothing: Measure = {
  ...{ state: 'nothing', why: 'Nothing failed in this time.', beside: [] },
};

export function summaryOf(
  key: Key,
  current: Measure,
  previous: Measure = noData,
): KeySummary {
  return {
    ...{ key, current, previous, unit: definitions[key].unit },
    reading: readingOf(key, current, previous, undefined),
  };
}

const bands = {
  name: 'DORA 2023',
  frequency: [5, 1, 1],
  leadTime: [1, 2, 3],
  changeFailureRate: [0.05, 0.1, 0.15],
  recovery: [1, 2, 3],
} as const;

export function point(from: string, more: Partial<Point> = {}): Point {
  return { ...{ from, to: from, n: 4, value: 4, complete: true }, ...more };
}

export function row(ref: string, measure: Measure): TeamRow {
  const measures = Object.fromEntries(
    keys.map(key => [key, measure]),
  ) as TeamRow['measures'];
  return { ref, measures, trend: [1, 2, 3] };
}

export function detail(more: Partial<Detail> = {}): Detail {
  return {
    ...{ service: 'component:default/cart', environment: 'production' },
    ...{ deployment: 'd1', version: '1.4.2', kind: 'deploy' },
    ...{ finishedAt: '2026-06-01T12:00:00.000Z', outcome: 'succeeded' },
    ...{ why: 'It succeeded.', counts: true, example: false },
    ...{ changes: [], changesInAll: 0, incidents: [] },
    ...more,
  };
}

/** Answers to all that the page asks, unless a test says otherwise. */
export function answers(
  measures: Partial<Record<Key, Measure>> = {},
  more: Partial<MetricsApi> = {},
): Partial<MetricsApi> {
  return {
    summary: async () => ({
      scope,
      bands: { ...bands } as never,
      keys: keys.map(key => summaryOf(key, measures[key] ?? value(1))),
      series: keys.map(key => ({
        key,
        points: [
          point('2026-06-01'),
          point('2026-06-08', { value: undefined, n: 0 }),
          point('2026-06-15', { value: 9, n: 9, complete: false }),
        ],
        previous: [point('2026-05-25', { value: 2 })],
        distribution: key === 'lead-time' ? [{ from: 0, to: 3600, n: 7 }] : [],
      })),
    }),
    teams: async () => ({
      scope,
      rows: [
        row('group:default/b', value(2)),
        row('group:default/a', noData),
        row('group:default/c', value(1)),
      ],
      total: 3,
    }),
    ...more,
  };
}

function Address() {
  const { pathname, search } = useLocation();
  return <output aria-label="Address">{`${pathname}${search}`}</output>;
}

const thing = (kind: string, name: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name, namespace: 'default' },
});

/** Draws something with an api that answers as the test says, and the address beside it. */
export function show(
  content: ReactElement,
  api: Partial<MetricsApi>,
  options: { at?: string; allowed?: boolean; signals?: SignalApi } = {},
) {
  const unexpected = async (): Promise<never> => {
    throw new Error('The test does not say what is answered to this.');
  };
  const whole = new Proxy(api, {
    get: (target, name) => Reflect.get(target, name) ?? unexpected,
  }) as MetricsApi;
  return renderInTestApp(
    <>
      {content}
      <Address />
    </>,
    {
      apis: [
        ...(options.signals ? [[signalApiRef, options.signals] as const] : []),
        [metricsApiRef, whole],
        [
          catalogApiRef,
          catalogApiMock({
            entities: [thing('Group', 'shop'), thing('Component', 'cart')],
          }),
        ],
        mockApis.identity({ userEntityRef: 'user:default/mona' }),
        mockApis.permission({
          authorize: () =>
            options.allowed === false
              ? AuthorizeResult.DENY
              : AuthorizeResult.ALLOW,
        }),
      ],
      initialRouteEntries: [options.at ?? '/'],
      mountedRoutes: {
        '/catalog/:namespace/:kind/:name': catalogEntityRouteRef,
      },
    },
  );
}
