import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { describeWith, machine } from '../support/require';
import { COMBINATIONS, nameOf } from './support/combinations';
import { run } from './support/command';
import { withValue } from './support/change';
import {
  checkDashboard,
  Dashboard,
  Panel,
  parseDashboard,
} from './support/dashboardSchema';
import { readText } from './support/files';
import { RENDER_MS, renderServices, serviceOf } from './support/services';

// Each starts a program or two, on a machine that may be busy.
const dashboardOf = (folder: string): Dashboard =>
  parseDashboard(readText(folder, 'observability/dashboard.json'));

const queriesOf = (dashboard: Dashboard): string[] =>
  dashboard.panels.flatMap(({ targets = [] }) => targets.map(t => t.expr));

beforeAll(renderServices, RENDER_MS);

describe.each(
  COMBINATIONS.map(combination => ({ name: nameOf(combination), combination })),
)('the dashboard of $name', ({ name, combination }) => {
  const dashboard = () => dashboardOf(serviceOf(combination));

  it('is what Grafana publishes as the shape of a dashboard', () => {
    expect(checkDashboard(dashboard())).toEqual([]);
  });

  it('shows each panel once, with room of its own', () => {
    const { panels } = dashboard();
    const ids = panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
    expect(overlaps(panels)).toEqual([]);
  });

  it('asks for what the service is about', () => {
    const shown = dashboard().panels.map(({ title }) => title);
    const rows = dashboard()
      .panels.filter(({ type }) => type === 'row')
      .map(({ title }) => title);
    expect(rows).toEqual([
      ...(combination.type === 'worker' ? ['Jobs'] : ['Requests']),
      ...(combination.type === 'worker' && combination.database !== 'none'
        ? ['Queue']
        : []),
      'Saturation',
      ...(combination.database !== 'none' ? ['Database connections'] : []),
      'Runtime',
    ]);
    expect(new Set(shown).size).toBe(shown.length);
    for (const query of queriesOf(dashboard())) expect(query).toContain(name);
  });
});

describe('a dashboard that is spoilt', () => {
  const spoilt = (path: Array<string | number>, value: unknown): string[] =>
    checkDashboard(
      withValue(dashboardOf(serviceOf(COMBINATIONS[0])), path, value),
    );

  it.each<[string, RegExp, Array<string | number>, unknown]>([
    ['a field that no dashboard has', /refesh/, ['refesh'], '30s'],
    ['a word for a number', /schemaVersion/, ['schemaVersion'], 'new'],
    [
      'a legend at no known place',
      /placement/,
      ['panels', 1, 'options', 'legend', 'placement'],
      'middle',
    ],
    [
      'a line that is set in no known way',
      /lineWidht/,
      ['panels', 1, 'fieldConfig', 'defaults', 'custom', 'lineWidht'],
      2,
    ],
    [
      'a query with a misspelt legend',
      /legendFormt/,
      ['panels', 1, 'targets', 0, 'legendFormt'],
      'x',
    ],
  ])('is refused for %s', (_, problem, path, value) => {
    expect(spoilt(path, value).join('\n')).toMatch(problem);
  });

  it('is noticed when two panels are in one place', () => {
    const { panels } = dashboardOf(serviceOf(COMBINATIONS[0]));
    panels[2].gridPos = panels[1].gridPos;
    expect(overlaps(panels)).toHaveLength(1);
  });
});

describeWith(['promtool'], 'the queries of all dashboards', () => {
  it('can be read by Prometheus', async () => {
    const queries = COMBINATIONS.flatMap(combination =>
      queriesOf(dashboardOf(serviceOf(combination))),
    );
    expect(queries.length).toBeGreaterThan(100);
    const { code, output } = await checkQueries(queries);
    expect(output).toContain(`SUCCESS: ${new Set(queries).size} rules found`);
    expect(code).toBe(0);
  });

  it('are refused when one cannot', async () => {
    const { code } = await checkQueries(['sum(rate(up[5m])']);
    expect(code).not.toBe(0);
  });
});

/** Has promtool read queries, with Grafana's variables replaced by what they can stand for. */
async function checkQueries(queries: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'highroad-queries-'));
  try {
    const file = join(folder, 'rules.yaml');
    const rules = [...new Set(queries)].map((query, index) => ({
      record: `query:${index}`,
      expr: query
        .replaceAll('$__rate_interval', '1m')
        .replace(/\$(environment|namespace)/g, 'production'),
    }));
    await writeFile(file, stringify({ groups: [{ name: 'queries', rules }] }));
    return await run(machine.promtool ?? '', ['check', 'rules', file]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function overlaps(panels: Panel[]): string[] {
  return panels.flatMap((one, index) =>
    panels
      .slice(index + 1)
      .filter(other => meet(one.gridPos, other.gridPos))
      .map(other => `${one.title} and ${other.title}`),
  );
}

function meet(a: Panel['gridPos'], b: Panel['gridPos']): boolean {
  return (
    a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
  );
}
