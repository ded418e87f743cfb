import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
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
        services: ['component:default/payment-service', 'component:default/user-service']
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

/** A soak says more; a round number of thousands. */
const COMMITS = Number(process.env.HIGHROAD_GIT_COMMITS ?? 2_000);
const PER_TAG = 100;
const TAGS = COMMITS / PER_TAG;
const BEGIN = Date.parse('2023-01-01T00:00:00Z') / 1000;
/** Between two commits, in seconds; all are within 500 days */
const EVERY = Math.floor((500 * 86_400) / COMMITS);
/** Tags that brought a commit which is reverted in the end, each in a tag of its own */
const REVERTED = [3, 7, 8, 15];
const LAST_TAG = TAGS - 1 + REVERTED.length;
/** Longest time until all is counted, in milliseconds */
const COUNTED_MS = 180_000 + COMMITS * 10;

const changeSchema = z.object({
  deployment: z.string(),
  change: z.string(),
  lead_time_seconds: z.number(),
});
const deploymentSchema = z.object({
  deployment: z.string(),
  failure: z.string().optional(),
});

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

  it(
    'agrees with git log about a history with merges and reverts',
    async () => {
      const directory = await mkdtemp(join(tmpdir(), 'highroad-history-'));
      try {
        const failures = makeHistory(directory);
        const expected = leadTimesOf(directory);
        expect(expected.length).toBeGreaterThan(COMMITS * 0.8);
        const output = await succeed(
          `npx platform metrics import ${directory} --service user-service --tags 'v*'`,
        );
        const events = COMMITS - 1 + REVERTED.length + LAST_TAG;
        expect(output).toContain(`✔ ${events} events are new`);
        const exported = async (what: string) => {
          const lines = await succeed(
            `npx platform metrics export user-service --what ${what} --from 2023-01-01 --to 2025-01-01 --format jsonl`,
          );
          return lines.split('\n').filter(line => line.startsWith('{'));
        };
        const deadline = Date.now() + COUNTED_MS;
        let changes: string[] = [];
        while (changes.length < expected.length && Date.now() < deadline) {
          changes = await exported('changes');
        }
        expect(
          changes
            .map(line => changeSchema.parse(JSON.parse(line)))
            .map(
              one => `${one.deployment} ${one.change} ${one.lead_time_seconds}`,
            )
            .sort(),
        ).toEqual(expected);
        const failed = (await exported('deployments'))
          .map(line => deploymentSchema.parse(JSON.parse(line)))
          .filter(({ failure }) => failure);
        expect(failed.map(({ deployment }) => deployment).sort()).toEqual(
          failures.sort(),
        );
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
    600_000 + 2 * COUNTED_MS,
  );
});

/**
 * Commits of which each tenth merges a branch of one, a tag for each hundred, and at the end reverts.
 *
 * @returns the tags that brought what is reverted
 */
function makeHistory(directory: string): string[] {
  git(directory, ['init', '--quiet', '--bare']);
  const lines: string[] = [];
  let main = '';
  const commit = (mark: number, message: string, parents: string[]) => {
    const at = BEGIN + mark * EVERY;
    lines.push(
      ...['commit refs/heads/main', `mark :${mark}`],
      // Authored up to two days before.
      `author A <a@example.com> ${at - ((mark * 7_919) % 172_800)} +0000`,
      `committer A <a@example.com> ${at} +0000`,
      ...[`data ${Buffer.byteLength(message)}`, message],
      ...parents.map((one, n) => `${n === 0 ? 'from' : 'merge'} ${one}`),
      '',
    );
    return `:${mark}`;
  };
  for (let mark = 1; mark < COMMITS; mark++) {
    const isMerge = mark % 10 === 0;
    if (isMerge) {
      const branch = commit(mark, `Work ${mark}`, [main]);
      mark += 1;
      main = commit(mark, `Merge work ${mark}`, [main, branch]);
    } else {
      main = commit(mark, `Change ${mark}`, main ? [main] : []);
    }
    const tag = Math.floor(mark / PER_TAG);
    if (mark % PER_TAG < 2 && tag > 0 && tag < TAGS && isMerge) {
      lines.push(
        ...[`tag v${tag}`, `from ${main}`],
        `tagger A <a@example.com> ${BEGIN + (mark + 2) * EVERY} +0000`,
        ...['data 1', 'x'],
      );
    }
  }
  git(directory, ['fast-import', '--quiet', '--force'], lines.join('\n'));
  let head = 'main';
  return REVERTED.map((reverted, n) => {
    const bad = git(directory, ['rev-parse', `v${reverted}~2`]).trim();
    const at = `${BEGIN + (COMMITS + 4 + n) * EVERY} +0000`;
    const says = ['-m', 'Revert it', '-m', `This reverts commit ${bad}.`];
    head = git(
      directory,
      ['commit-tree', 'main^{tree}', '-p', head, ...says],
      '',
      at,
    ).trim();
    git(directory, ['tag', '-a', '-m', 'x', `v${TAGS + n}`, head], '', at);
    return git(directory, ['tag', '--contains', bad])
      .split('\n')
      .filter(Boolean)
      .sort((one, other) => Number(one.slice(1)) - Number(other.slice(1)))[0];
  });
}

/** What each tag brought that none before it had, with how long it took, by git log alone; but for the first. */
function leadTimesOf(directory: string): string[] {
  const found: string[] = [];
  for (let tag = 2; tag <= LAST_TAG; tag++) {
    const earlier = Array.from({ length: tag - 1 }, (_, n) => `v${n + 1}`);
    const format = '--format=%(taggerdate:unix)';
    const at = git(directory, ['tag', '--list', `v${tag}`, format]);
    const log = git(directory, [
      ...['log', '--no-merges', '--format=%H %at', `v${tag}`],
      ...['--not', ...earlier],
    ]);
    for (const line of log.split('\n').filter(Boolean)) {
      const [commit, authored] = line.split(' ');
      found.push(`v${tag} ${commit} ${Number(at) - Number(authored)}`);
    }
  }
  return found.sort();
}

function git(
  directory: string,
  args: string[],
  input = '',
  at?: string,
): string {
  const who = { NAME: 'A', EMAIL: 'a@example.com', ...(at && { DATE: at }) };
  const env = Object.fromEntries(
    Object.entries(who).flatMap(([name, value]) => [
      [`GIT_AUTHOR_${name}`, value],
      [`GIT_COMMITTER_${name}`, value],
    ]),
  );
  return execFileSync('git', ['-C', directory, ...args], {
    ...{ encoding: 'utf8', input, maxBuffer: 1e8 },
    env: { ...process.env, ...env },
  });
}
