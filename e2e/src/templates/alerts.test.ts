import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describeWith } from '../support/require';
import { CommandResult, machineEnv, run } from './support/command';
import { Combination, nameOf } from './support/combinations';
import { readText } from './support/files';
import { anchorsOf } from './support/markdown';
import { RENDER_MS, renderServices, serviceOf } from './support/services';
import { workingCopy } from './support/workingCopy';

// Each starts a program or two, on a machine that may be busy.
/** Alerts differ by type and database; the language makes no difference to them. */
const SERVICES: Combination[] = [
  { type: 'api', language: 'go', database: 'none' },
  { type: 'api', language: 'go', database: 'postgres' },
  { type: 'worker', language: 'go', database: 'none' },
  { type: 'worker', language: 'go', database: 'postgres' },
  { type: 'web', language: 'typescript', database: 'none' },
];

interface Rule {
  alert?: string;
  expr: string;
  annotations?: { runbook_url?: string };
}

function rulesOf(folder: string): Rule[] {
  const { spec } = parse(readText(folder, 'observability/alerts.yaml'));
  return spec.groups.flatMap((group: { rules: Rule[] }) => group.rules);
}

/** `make alerts`, as CI calls it: without promtool it would fail there. */
function makeAlerts(folder: string): Promise<CommandResult> {
  return run('make', ['alerts'], {
    cwd: folder,
    env: machineEnv({ CI: 'true' }),
  });
}

/** Runs `make alerts` on a copy in which the rules were changed by hand. */
async function makeAlertsAfter(
  service: Combination,
  change: (text: string) => string,
): Promise<CommandResult> {
  const copy = await workingCopy(serviceOf(service));
  try {
    const text = readText(copy.path, 'observability/alerts.yaml');
    const changed = change(text);
    if (changed === text) throw new Error('Nothing was changed');
    await writeFile(join(copy.path, 'observability/alerts.yaml'), changed);
    return await makeAlerts(copy.path);
  } finally {
    await copy.remove();
  }
}

describeWith(['promtool', 'make'], 'the alerts of', () => {
  beforeAll(renderServices, RENDER_MS);

  describe.each(SERVICES.map(service => ({ name: nameOf(service), service })))(
    '$name',
    ({ service }) => {
      it('are valid rules that pass their own tests', async () => {
        const copy = await workingCopy(serviceOf(service));
        try {
          const { code, output } = await makeAlerts(copy.path);
          expect(output).toMatch(/SUCCESS: \d+ rules found[^]*SUCCESS/);
          expect(code).toBe(0);
        } finally {
          await copy.remove();
        }
      });

      it('are each shown to fire by a test', () => {
        const tests = readText(
          serviceOf(service),
          'observability/alerts_test.yaml',
        );
        const fired = new Set(
          [...tests.matchAll(/alertname="(\w+)"/g)].map(([, name]) => name),
        );
        const alerts = rulesOf(serviceOf(service)).flatMap(
          ({ alert }) => alert ?? [],
        );
        expect(alerts.length).toBeGreaterThan(5);
        expect(alerts.filter(alert => !fired.has(alert))).toEqual([]);
      });

      it('lead to a section of the runbook, and each section is led to', () => {
        const folder = serviceOf(service);
        const anchors = anchorsOf(readText(folder, 'docs/runbook.md'));
        const links = rulesOf(folder)
          .filter(({ alert }) => alert)
          .map(({ annotations }) => annotations?.runbook_url ?? '');
        for (const link of links) {
          expect(link).toMatch(/\/docs\/runbook\.md#[a-z-]+$/);
        }
        const wanted = new Set(links.map(link => link.split('#')[1]));
        expect(anchors).toEqual(expect.arrayContaining([...wanted]));
        expect(
          anchors.filter(anchor => !wanted.has(anchor) && anchor !== 'runbook'),
        ).toEqual(
          service.database === 'none'
            ? []
            : ['not-ready-because-of-the-database'],
        );
      });
    },
  );

  it('fail their tests when a threshold is wrong', async () => {
    const { code, output } = await makeAlertsAfter(SERVICES[1], text =>
      text.replaceAll('0.001', '0.9'),
    );
    expect(output).toMatch(/FAILED/);
    expect(code).not.toBe(0);
  });

  it('are refused when an expression cannot be read', async () => {
    const { code, output } = await makeAlertsAfter(SERVICES[1], text =>
      text.replace('absent(up', 'absent((up'),
    );
    expect(output).toMatch(/parse error/);
    expect(code).not.toBe(0);
  });
});
