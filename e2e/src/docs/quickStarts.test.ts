import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, RunningPortal, startPortal } from '../support/portal';
import { machine } from '../support/require';
import { ShellBlock, shellBlocks } from './shellBlocks';
import { Terminal } from './Terminal';

const FOLDER = join(ROOT, 'docs/quick-starts');
const pages = readdirSync(FOLDER)
  .filter(file => file.endsWith('.md'))
  .map(file => ({
    file,
    blocks: shellBlocks(readFileSync(join(FOLDER, file), 'utf8')),
  }));

/** The only commands of quick-starts that are not executed here; a new one is added on purpose. */
const NOT_TESTED = [
  // The part "system" executes these pages, on a portal that is connected to a sandbox.
  'deploy.md: npx platform service create shop-api --type api --language go --database none',
  'deploy.md: git clone http://127.0.0.1:13000/highroad/shop-api.git ../shop-api\nVERSION=$(git -C ../shop-api rev-parse HEAD)',
  'deploy.md: npx platform service versions shop-api\nnpx platform deploy shop-api --env staging --version $VERSION --dry-run',
  'deploy.md: npx platform deploy shop-api --env staging --version $VERSION\nnpx platform status shop-api',
  'deploy.md: npx platform deploy shop-api --env staging --version 9.9.9',
  'deploy.md: npx platform promote shop-api --from staging --to production --dry-run\nnpx platform promote shop-api --from staging --to production',
  'deploy.md: git -C ../shop-api commit --allow-empty -m "Try the way back"\ngit -C ../shop-api push',
  'deploy.md: npx platform deploy shop-api --env staging --version $(git -C ../shop-api rev-parse HEAD)\nnpx platform rollback shop-api --env staging',
  'deploy.md: npx platform deployment list shop-api\nnpx platform audit search shop-api',
  "environments.md: cat > preview.yaml <<'YAML'\napiVersion: platform.myorg.com/v1\nkind: Environment\nmetadata:\n  name: try-it\nspec:\n  type: preview\n  ttl: 1d\n  services:\n    - name: my-service\n      image: highroad/my-service:main\n      health: /readyz\n  databases:\n    - type: postgres\nYAML",
  'environments.md: npx platform env create -f preview.yaml',
  'environments.md: npx platform env list\nnpx platform env open try-it --print\nnpx platform env show try-it --events\nnpx platform env logs try-it my-service',
  'environments.md: npx platform env extend try-it --by 2d\nnpx platform env extend try-it --keep\nnpx platform env extend try-it --no-keep\nnpx platform env delete try-it --yes\nnpx platform env leftovers',
  'environments.md: npx platform env pull-requests my-service\nnpx platform env create --pull-request http://127.0.0.1:13000/highroad/my-service/pulls/1',
  // These take tokens that the portal of this test does not know; metricsFromElsewhere.test.ts executes them.
  'metrics-from-elsewhere.md: NOW=$(date -u +%FT%TZ)\ncurl -sS --fail-with-body http://localhost:7007/api/metrics/v1/events \\\n  -H "Authorization: Bearer $MY_SERVICE_TOKEN" -H \'content-type: application/json\' -d @- <<JSON\n{\n  "service": "component:default/my-service",\n  "events": [\n    {\n      "specversion": "1.0", "id": "run-4711", "source": "/ci/my-service", "time": "$NOW",\n      "type": "com.myorg.platform.deployment.finished.1",\n      "data": {\n        "service": "component:default/my-service", "environment": "production",\n        "deployment": "4711", "version": "1.4.2", "outcome": "succeeded"\n      }\n    }\n  ]\n}\nJSON',
  'metrics-from-elsewhere.md: export PLATFORM_URL=http://localhost:7007 PLATFORM_TOKEN=$METRICS_TOKEN\nnpx platform metrics details frequency my-service',
  'metrics-from-elsewhere.md: NOW=$(date -u +%FT%TZ)\nEVENT=\'{\n  "specversion": "1.0", "id": "271069a8-fc18-44f1-b38f-9d70a1695819", "source": "/ci/pipelines", "time": "\'$NOW\'",\n  "type": "dev.cdevents.service.deployed.0.2.0", "subject": "service/my-service", "datacontenttype": "application/json",\n  "data": {\n    "context": {\n      "version": "0.4.1", "id": "271069a8-fc18-44f1-b38f-9d70a1695819", "source": "/ci/pipelines",\n      "type": "dev.cdevents.service.deployed.0.2.0", "timestamp": "\'$NOW\'"\n    },\n    "subject": {\n      "id": "service/my-service", "source": "/ci/pipelines", "type": "service",\n      "content": {\n        "environment": { "id": "production", "source": "/ci/pipelines" },\n        "artifactId": "pkg:oci/my-service@sha256%3A0b31b1c02ff458ad9b7b81cbdf8f028bd54699fa151f221d1e8de6817db93427"\n      }\n    }\n  }\n}\'\ncurl -sS --fail-with-body http://localhost:7007/api/metrics/v1/events \\\n  -H "Authorization: Bearer $MY_SERVICE_TOKEN" -H \'content-type: application/json\' \\\n  -d \'{"service": "component:default/my-service", "events": [\'"$EVENT"\']}\'',
  'metrics-from-elsewhere.md: tell() {\n  BODY=\'{"event":{"id":"\'$1\'","event_type":"incident.\'$1\'","occurred_at":"\'$(date -u +%FT%TZ)\'",\n    "data":{"id":"Q1","title":"No payments","service":{"id":"\'$2\'"}}}}\'\n  SIGNATURE=$(printf %s "$BODY" | openssl dgst -sha256 -hmac "$PAGERDUTY_SECRET" -r | cut -d \' \' -f 1)\n  curl -sS --fail-with-body http://localhost:7007/api/metrics/v1/webhooks/pagerduty \\\n    -H \'content-type: application/json\' -H "X-PagerDuty-Signature: v1=$SIGNATURE" -d "$BODY"\n}\ntell triggered PX3YZ12',
  'metrics-from-elsewhere.md: npx platform metrics details recovery my-service --open',
  'metrics-from-elsewhere.md: tell resolved PX3YZ12\nnpx platform metrics details recovery my-service --days 1\nnpx platform metrics details incidents my-service --days 1',
  'metrics-from-elsewhere.md: tell triggered PNOBODY\nnpx platform metrics quarantine',
  'metrics-from-elsewhere.md: npx platform metrics replay\nID=$(npx platform metrics quarantine --json | node -p \'JSON.parse(fs.readFileSync(0)).items[0].id\')\nnpx platform metrics dismiss $ID --reason "a service that is gone"',
  'metrics-from-elsewhere.md: npx platform metrics recompute',
  'metrics-from-elsewhere.md: curl -sS --fail-with-body http://localhost:7007/api/metrics/v1/prometheus \\\n  -H "Authorization: Bearer $METRICS_TOKEN" | grep \'^highroad_delivery_deployments_per_week\'',
  'metrics-from-elsewhere.md: GUEST=$(curl -sS --fail-with-body -X POST http://localhost:7007/api/auth/guest/refresh -H \'content-type: application/json\' -d \'{}\' \\\n  | node -p \'JSON.parse(fs.readFileSync(0)).backstageIdentity.token\')\nask() {\n  curl -sS --fail-with-body -X POST "http://localhost:7007/api/metrics/v1/survey/$1" \\\n    -H "Authorization: Bearer $GUEST" -H \'content-type: application/json\' -d "$2"\n}\nBALLOT=$(ask ask \'{}\' | node -p \'JSON.parse(fs.readFileSync(0)).survey.ballot\')\nask answers "{\\"ballot\\": \\"$BALLOT\\", \\"score\\": 9, \\"text\\": \\"Quicker previews\\"}"',
  'metrics-from-elsewhere.md: cat > ../before.csv <<CSV\nservice,environment,deployment,version,finished_at,outcome\nmy-service,production,4700,1.3.0,2026-01-05T10:00:00Z,succeeded\nmy-service,production,4701,1.3.1,2026-01-06T10:00:00Z,failed\nCSV\ncat > ../tickets.csv <<CSV\nservice,ticket,created_at,kind\nmy-service,OPS-17,2026-01-07T09:00:00Z,ops\nCSV\nPLATFORM_TOKEN=$MY_SERVICE_TOKEN npx platform metrics import ../before.csv\nPLATFORM_TOKEN=$MY_SERVICE_TOKEN npx platform metrics import ../tickets.csv',
  'metrics-from-elsewhere.md: npx platform metrics details frequency my-service --from 2026-01-01 --to 2026-01-31',
  'metrics-from-elsewhere.md: PLATFORM_TOKEN=$GUEST npx platform metrics example remove\nPLATFORM_TOKEN=$GUEST npx platform metrics surveys\nPLATFORM_TOKEN=$GUEST npx platform metrics example show',
  // It is tried in metricsImport.test.ts, with a token that the portal of this test does not know.
  "metrics.md: npx platform metrics import ./my-service --service my-service --tags 'v*'",
  'off-the-golden-path.md: npx platform deviation add my-service --env staging --guardrail readiness-probe --reason "it serves nobody, it works through a queue" --until 2027-01-31',
  'off-the-golden-path.md: npx platform deviation end 01932c07-5b1f-7c3e-8a55-0123456789ab',
  'sandbox.md: npm start',
  'sandbox.md: npx platform sandbox start',
  'sandbox.md: npx platform service create my-service --type api --language go --database postgres',
  'sandbox.md: npx platform sandbox stop',
  'secrets.md: printf %s "postgres://app@db/app" | npx platform secrets set my-service/DATABASE_URL',
  'secrets.md: npx platform secrets list my-service\nnpx platform secrets get my-service/DATABASE_URL --env staging\nnpx platform secrets history my-service/DATABASE_URL --env staging',
  'secrets.md: npx platform secrets reveal my-service/DATABASE_URL --env staging --reason "the login fails"\nnpx platform audit search my-service --limit 3',
  'secrets.md: npx platform secrets run my-service --env staging -- env',
  'secrets.md: printf %s "postgres://app@db2/app" | npx platform secrets set my-service/DATABASE_URL --env staging\nnpx platform secrets restore my-service/DATABASE_URL --env staging --to 1',
  'secrets.md: npx platform secrets delete my-service/DATABASE_URL --env staging\nnpx platform secrets undelete my-service/DATABASE_URL --env staging',
  'secrets.md: cat > .env <<\'ENV\'\nAPI_KEY="sk-test-1"\nSESSION_KEY=change-me\nENV\nnpx platform secrets import my-service .env --env staging\nrm .env',
  "secrets.md: printf 'MAIL_USER=shop\\nMAIL_TOKEN=try-it\\n' | npx platform secrets import my-service - --env staging",
  'secrets.md: npx platform secrets diff my-service --from staging --to production',
  'secrets.md: npx platform secrets rotate my-service/SESSION_KEY --env staging\nnpx platform secrets rotate my-service/SESSION_KEY --env staging --every 90d\nnpx platform secrets rotations my-service',
  'secrets.md: npx platform secrets rotate my-service/SESSION_KEY --env staging --every 90d --window 02:00-04:00 --time-zone Europe/Berlin\nnpx platform secrets rotate my-service/SESSION_KEY --env staging --cron "0 3 * * 0"',
  'secrets.md: npx platform secrets rotate my-service/SESSION_KEY --env staging --stop',
  'secrets.md: npx platform secrets rotate my-service/DATABASE_URL --env staging --every 30d --generator postgres --overlap 24h\nnpx platform secrets rotations my-service',
  'secrets.md: npx platform secrets rotate my-service/DATABASE_URL --env staging --stop',
  'secrets.md: git clone --quiet http://127.0.0.1:13000/highroad/my-service.git ../my-service\nmake --no-print-directory -C ../my-service .git/hooks/pre-commit\necho \'API_KEY=sk-test-1\' > ../my-service/.env\ngit -C ../my-service add --force .env\n! git -C ../my-service -c user.name=You -c user.email=you@example.com commit -m "Add what it needs"',
  'start-the-portal.md: npm start',
  'start-the-portal.md: npm start -- --port 3100 --backend-port 7100',
  'steer-a-deployment.md: npx platform service create shop-canary --type api --language go --database none --delivery canary\ngit clone http://127.0.0.1:13000/highroad/shop-canary.git ../shop-canary',
  'steer-a-deployment.md: npx platform deploy shop-canary --env staging --version $(git -C ../shop-canary rev-parse HEAD)',
  'steer-a-deployment.md: git -C ../shop-canary commit --allow-empty -m "Try a canary"\ngit -C ../shop-canary push',
  "steer-a-deployment.md: npx platform deploy shop-canary --env staging --version $(git -C ../shop-canary rev-parse HEAD) --no-wait\nnpx platform deployment list shop-canary --active\nID=$(npx platform deployment list shop-canary --active --json | node -p 'JSON.parse(fs.readFileSync(0)).items[0].id')",
  'steer-a-deployment.md: npx platform deployment pause $ID --reason "looking at the error rate"\nnpx platform deployment show $ID',
  'steer-a-deployment.md: npx platform deployment resume $ID\nnpx platform deployment skip $ID\nnpx platform deployment skip $ID --all --reason "seen enough"\nnpx platform deployment show $ID --watch',
  'steer-a-deployment.md: git -C ../shop-canary commit --allow-empty -m "Not this one"\ngit -C ../shop-canary push',
  "steer-a-deployment.md: npx platform deploy shop-canary --env staging --version $(git -C ../shop-canary rev-parse HEAD~1) --force --no-wait\nnpx platform deploy shop-canary --env staging --version $(git -C ../shop-canary rev-parse HEAD) --supersede --no-wait\nID=$(npx platform deployment list shop-canary --active --json | node -p 'JSON.parse(fs.readFileSync(0)).items[0].id')",
  'steer-a-deployment.md: npx platform deployment abort $ID --reason "not this one"\nnpx platform deployment list shop-canary --env staging --limit 5',
  'steer-a-deployment.md: npx platform deploy shop-canary --env staging --version $(git -C ../shop-canary rev-parse HEAD) --no-wait\nID=$(npx platform deployment list shop-canary --active --json | node -p \'JSON.parse(fs.readFileSync(0)).items[0].id\')\nnpx platform deployment cancel $ID --reason "not today"',
  'steer-a-deployment.md: npx platform rollback shop-canary --env staging --dry-run\nFIRST=$(npx platform deployment list shop-canary --env staging --state succeeded --json | node -p \'JSON.parse(fs.readFileSync(0)).items.at(-1).id\')\nnpx platform rollback shop-canary --env staging --to $FIRST --reason "where we began"',
  'steer-a-deployment.md: npx platform status shop-canary --env staging',
];

describe('quick-starts', () => {
  // Pages are tried side by side with what others create.
  const name = `docs-${Date.now().toString(36)}`;
  let portal: RunningPortal;

  beforeAll(async () => {
    portal = await startPortal();
    await exampleOrganisation(portal);
  }, 600_000);

  afterAll(async () => {
    await portal?.stop();
  }, 180_000);

  /** A page's text with the addresses and the name of this run. */
  const here = (text: string) =>
    text
      .replaceAll('http://localhost:3000', portal.url)
      .replaceAll('http://localhost:7007', portal.backendUrl)
      .replaceAll('my-service', name);

  it('have commands, and those that are not executed are known', () => {
    const all = pages.flatMap(({ file, blocks }) =>
      blocks.map(block => ({ file, block })),
    );
    expect(all.length).toBeGreaterThan(8);
    expect(
      all
        .filter(({ block }) => block.notTested)
        .map(({ file, block }) => `${file}: ${block.commands}`),
    ).toEqual(NOT_TESTED);
  });

  it('notice a command that fails', async () => {
    const terminal = await Terminal.open(portal);
    try {
      const { code, output } = await terminal.run(
        'npx platform service show no-such-service\necho went on',
      );
      expect(code).toBe(5);
      expect(output).toContain('There is no no-such-service in the catalog.');
      expect(output).not.toContain('went on');
    } finally {
      await terminal.close();
    }
  }, 180_000);

  const executed = pages.filter(({ blocks }) =>
    blocks.some(block => !block.notTested),
  );
  describe.each(executed)('$file', ({ blocks }) => {
    let terminal: Terminal;

    beforeAll(async () => {
      terminal = await Terminal.open(portal);
    });

    afterAll(async () => {
      await terminal?.close();
    });

    const tested = blocks.filter(block => !block.notTested);
    const titled = tested.map(block => ({
      block,
      title: `line ${block.line} does what it says: ${
        block.commands.split('\n')[0]
      }`,
      missing: block.needs.filter(need => !has(need)).join(', '),
    }));

    // There may be none, where the machine lacks what they need.
    titled
      .filter(({ missing }) => !missing)
      .forEach(({ title, block }) =>
        it(
          title,
          async () => {
            const { code, output } = await terminal.run(here(block.commands));
            expect({ code, output }).toEqual({ code: 0, output });
            expectSaid(block, output);
          },
          600_000,
        ),
      );
    titled
      .filter(({ missing }) => missing)
      .forEach(({ title, missing }) =>
        // eslint-disable-next-line jest/no-disabled-tests
        it.skip(`${title} [needs ${missing}]`, () => {}),
      );
  });

  function expectSaid({ expected }: ShellBlock, output: string) {
    if (expected === undefined) return;
    const lines = output.split('\n').map(withoutNumbers);
    expect(lines).toContain(withoutNumbers(here(expected)));
  }
});

/** Waits until the catalog of a portal that was just started has read its examples: those furthest apart suffice. */
async function exampleOrganisation(portal: RunningPortal): Promise<void> {
  const terminal = await Terminal.open(portal);
  const deadline = Date.now() + 90_000;
  try {
    for (;;) {
      const { output } = await terminal.run(
        'npx platform dependents user-service\nnpx platform service show shipping-service',
      );
      if (/warehouse-sync[^]*Shipping service/.test(output)) return;
      if (Date.now() > deadline) {
        throw new Error(`The catalog did not read its examples:\n${output}`);
      }
    }
  } finally {
    await terminal.close();
  }
}

/** How many there are, how long it took and which key signed may differ from the page. */
function withoutNumbers(line: string): string {
  return line
    .replace(/\bkey [0-9a-f]{16}\b/g, 'key K')
    .replace(/https?:\/\/\S+/g, address => address.replace(/\d/g, 'd'))
    .replace(/\b\d+(\.\d+)?\b/g, 'N')
    .trim();
}

function has(need: string): boolean {
  const found = Object.entries(machine).find(([key]) => key === need);
  if (!found) {
    throw new Error(
      `A quick-start needs "${need}", which npm test does not look for.`,
    );
  }
  return Boolean(found[1]);
}
