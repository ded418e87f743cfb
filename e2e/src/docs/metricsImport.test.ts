import { RunningPortal, startPortal } from '../support/portal';
import { shellBlocks } from './shellBlocks';
import { readPage, Terminal } from './Terminal';

/** As docs/how-to/use-the-command-in-ci.md has it: a token that may tell of one service, and look at the numbers. */
const CONFIG = `
backend:
  auth:
    externalAccess:
      - type: static
        options: { token: history-0123456789abcdef, subject: history }
platform:
  access:
    machines:
      - subject: history
        services: ['component:default/payment-service']
        operations: [platform.metrics.ingest, platform.metrics.read]
`;
const PAGE = 'docs/quick-starts/metrics.md';

/** A clone with two tags, three commits apart, of which one is a merge. */
const CLONE = `
git init --quiet --initial-branch=main ./payment-service
cd ./payment-service
git config user.name Somebody
git config user.email somebody@example.com
commit() {
  GIT_AUTHOR_DATE="$1" GIT_COMMITTER_DATE="$1" git commit --quiet --allow-empty --message "$2"
}
commit 2025-03-01T08:00:00Z 'Begin'
GIT_COMMITTER_DATE=2025-03-01T12:00:00Z git tag -a v1 -m v1
git switch --quiet -c more
commit 2025-03-03T08:00:00Z 'More'
git switch --quiet main
commit 2025-03-04T08:00:00Z 'Other'
GIT_AUTHOR_DATE=2025-03-05T08:00:00Z GIT_COMMITTER_DATE=2025-03-05T08:00:00Z \\
  git merge --quiet --no-ff -m 'Join' more
GIT_COMMITTER_DATE=2025-03-05T20:00:00Z git tag -a v2 -m v2
cd ..
`;

describe('the import of a history, as the quick-start of metrics has it', () => {
  let portal: RunningPortal;
  let terminal: Terminal;

  beforeAll(async () => {
    portal = await startPortal({ config: CONFIG });
    terminal = await Terminal.open(portal);
    await terminal.run(
      `export PLATFORM_URL=${portal.backendUrl} PLATFORM_TOKEN=history-0123456789abcdef`,
    );
    // The catalog has to have read the example organisation.
    const deadline = Date.now() + 90_000;
    const shown = () =>
      terminal.run('npx platform service show payment-service');
    while ((await shown()).code !== 0) {
      if (Date.now() > deadline) {
        throw new Error(`There is no service: ${(await shown()).output}`);
      }
    }
  }, 600_000);
  afterAll(async () => {
    await terminal?.close();
    await portal?.stop();
  }, 180_000);

  const succeed = async (commands: string) => {
    const { code, output } = await terminal.run(commands);
    expect({ code, output }).toEqual({ code: 0, output });
    return output;
  };

  it('counts what is in a clone, once, however often it is imported', async () => {
    const block = shellBlocks(await readPage(PAGE)).find(({ commands }) =>
      commands.includes('platform metrics import'),
    );
    const command = block?.commands.replaceAll('my-service', 'payment-service');
    await succeed(CLONE);

    // Two tags and four commits.
    expect(await succeed(command ?? '')).toContain(
      '✔ 6 events are new, 0 were known.',
    );
    expect(await succeed(command ?? '')).toContain(
      '✔ 0 events are new, 6 were known.',
    );
    const show =
      'npx platform metrics show payment-service --from 2025-03-02 --to 2025-03-31';
    const deadline = Date.now() + 180_000;
    let shown = '';
    // The first is a baseline; the second brought "More" and "Other", 60 and 36 hours old.
    while (!/Lead time for changes +2 d/.test(shown)) {
      if (Date.now() > deadline) throw new Error(`It says:\n${shown}`);
      shown = await succeed(show);
    }
    expect(shown).toMatch(/Deployment frequency.* 1$/m);
  }, 600_000);
});
