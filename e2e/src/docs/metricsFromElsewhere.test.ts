import { RunningPortal, startPortal } from '../support/portal';
import { shellBlocks } from './shellBlocks';
import { readPage, Terminal } from './Terminal';

const PAGE = 'docs/quick-starts/metrics-from-elsewhere.md';
/** Of the example organisation; PagerDuty knows it as the page says. */
const SERVICE = 'payment-service';
const SECRETS = {
  MY_SERVICE_TOKEN: 'my-service-0123456789abcdef',
  METRICS_TOKEN: 'metrics-0123456789abcdef',
  PAGERDUTY_SECRET: 'pagerduty-0123456789abcdef',
};
const PATIENCE_MS = 120_000;

/** The page with the names and secrets of this test. */
function here(text: string, portal?: RunningPortal): string {
  return text
    .replaceAll('http://localhost:7007', portal?.backendUrl ?? '')
    .replaceAll('my-service', SERVICE);
}

/** As a portal in production answers; a developer's is told apart by lines and blanks only. */
function withoutBlanks(text: string): string {
  return text.replace(/\s/g, '');
}

describe('what a pipeline and PagerDuty tell, as the quick-start has it', () => {
  let portal: RunningPortal;
  let terminal: Terminal;
  let blocks: Array<{ commands: string; expected?: string }>;

  /** Repeats commands until they succeed and say something: what is told is counted within seconds, not at once. */
  const said = async (commands: string, words: RegExp): Promise<string> => {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const { code, output } = await terminal.run(commands);
      if (code === 0 && words.test(output)) return output;
      if (Date.now() > deadline) {
        throw new Error(`It does not say ${words}, but:\n${output}`);
      }
    }
  };

  beforeAll(async () => {
    const page = await readPage(PAGE);
    const [, yaml = ''] = /```yaml\n([^]*?)\n```/.exec(page) ?? [];
    portal = await startPortal({
      config: Object.entries(SECRETS).reduce(
        (text, [name, value]) => text.replaceAll(`\${${name}}`, value),
        here(yaml),
      ),
    });
    blocks = shellBlocks(page).map(({ commands, expected }) => ({
      commands: here(commands, portal),
      expected,
    }));
    terminal = await Terminal.open(portal);
    const secrets = Object.entries(SECRETS).map(
      ([name, value]) => `export ${name}=${value}`,
    );
    await terminal.run(secrets.join('\n'));
    // The catalog has to have read the example organisation.
    await said(
      `PLATFORM_URL=${portal.backendUrl} PLATFORM_TOKEN=$METRICS_TOKEN npx platform service show ${SERVICE}`,
      /Payment service/,
    );
  }, 600_000);
  afterAll(async () => {
    await terminal?.close();
    await portal?.stop();
  }, 180_000);

  const block = (words: string) => {
    const found = blocks.find(({ commands }) => commands.includes(words));
    if (!found) throw new Error(`${PAGE} has no block with "${words}".`);
    return found;
  };
  const succeed = async (commands: string): Promise<string> => {
    const { code, output } = await terminal.run(commands);
    expect({ code, output }).toEqual({ code: 0, output });
    return output;
  };

  it('counts a deployment that a pipeline tells of, once', async () => {
    const { commands, expected } = block('"id": "run-4711"');
    expect(withoutBlanks(await succeed(commands))).toContain(expected);
    await said(block('metrics details frequency').commands, /1\.4\.2 +4711/);
  }, 300_000);

  it('counts one that a sender of CDEvents tells of, in the words of the specification', async () => {
    const { commands, expected } = block('dev.cdevents.service.deployed');
    expect(withoutBlanks(await succeed(commands))).toContain(expected);
    await said(
      block('metrics details frequency').commands,
      /sha256:0b31b1c02ff458ad/,
    );
    // Sent again it is the same.
    const again = commands.slice(commands.indexOf('curl '));
    expect(withoutBlanks(await succeed(again))).toContain(
      '"accepted":0,"duplicates":1',
    );
  }, 300_000);

  it('makes a failure of it by an incident, whose end is its recovery', async () => {
    await succeed(block('tell() {').commands);
    await said(block('--open').commands, /Incident Q1 began within the window/);
    const [resolved, recovery, incidents] =
      block('tell resolved').commands.split('\n');
    await succeed(resolved);
    await said(recovery, /Incident Q1 began within the window.*was repaired/);
    await said(incidents, /No payments +It was over after/);
  }, 300_000);

  it('keeps what could not be taken until it is tried again or dismissed', async () => {
    expect(await succeed(block('tell triggered PNOBODY').commands)).toContain(
      'pagerduty.com/service-id: PNOBODY',
    );
    const done = await succeed(block('metrics replay').commands);
    expect(done).toContain('0 were taken, 1 remain');
    expect(done).toContain('1 will not be shown again');
    expect(await succeed('npx platform metrics quarantine')).toContain(
      'Every event that came could be taken.',
    );
  }, 300_000);

  it('computes all anew, and gives Prometheus the same', async () => {
    expect(await succeed(block('metrics recompute').commands)).toContain(
      'are computed anew',
    );
    expect(await succeed(block('v1/prometheus').commands)).toMatch(
      /^highroad_delivery_deployments_per_week\{owner=""/m,
    );
  }, 300_000);

  it('takes an answer of the survey with nothing but its ballot', async () => {
    const { commands, expected } = block('survey/$1');
    expect(withoutBlanks(await succeed(commands))).toContain(expected);
    // Nobody is asked twice.
    expect(await succeed(`ask ask '{}'`)).toBe('{}');
  }, 300_000);

  it('takes tables of what was before, once', async () => {
    const { commands } = block('metrics import ../before.csv');
    const { code, output } = await terminal.run(commands);
    expect({ code, output }).toEqual({ code: 0, output });
    await said(block('--from 2026-01-01').commands, /1\.3\.0 +4700/);
    const again = commands.slice(commands.indexOf('PLATFORM_TOKEN='));
    expect(await succeed(again.replace(/import/g, 'import --json'))).toContain(
      '"accepted": 0,\n  "duplicates": 2',
    );
  }, 300_000);

  it('takes the example out and back in, and says that no survey is over', async () => {
    const [remove, surveys, show] =
      block('example remove').commands.split('\n');
    await succeed(remove);
    await said('npx platform metrics show --json', /"example": false/);
    expect(await succeed(surveys)).toContain(
      'No quarter with answers is over yet',
    );
    await succeed(show);
    await said('npx platform metrics show --json', /"example": true/);
  }, 300_000);
});
