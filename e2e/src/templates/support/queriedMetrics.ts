import { parse } from 'yaml';
import { readText } from './files';

/** Metrics that come from the cluster or from rules, not from the service itself. */
const OTHERS = /^(kube_|container_|up$|ALERTS$|job:)/;

/** Names of the service's own metrics that its alerts and its dashboard ask for. */
export function queriedMetrics(folder: string): string[] {
  const { spec } = parse(readText(folder, 'observability/alerts.yaml'));
  const dashboard = JSON.parse(
    readText(folder, 'observability/dashboard.json'),
  );
  const queries: string[] = [
    ...spec.groups.flatMap((group: { rules: Array<{ expr: string }> }) =>
      group.rules.map(({ expr }) => expr),
    ),
    ...dashboard.panels.flatMap(
      ({ targets = [] }: { targets?: Array<{ expr: string }> }) =>
        targets.map(({ expr }) => expr),
    ),
  ];
  const names = queries.flatMap(query =>
    [...query.matchAll(/([a-zA-Z_:][\w:]*)\{/g)].map(([, name]) => name),
  );
  return [...new Set(names)].filter(name => !OTHERS.test(name)).sort();
}

/** Names of the series in the text that `/metrics` answers. */
export function shownMetrics(text: string): Set<string> {
  return new Set(
    text
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'))
      .map(line => line.split(/[{ ]/)[0]),
  );
}
