import {
  MetricEvent,
  metricEventSchema,
  spreadOf,
} from '@highroad/plugin-metrics-common';
import { gitHistory } from '@highroad/plugin-metrics-node';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CART, settings } from '../__testUtils__/ledger';
import { computeFacts } from '../facts/computeFacts';

/** All of it for the whole history: HIGHROAD_GIT_COMMITS=50000 */
const COMMITS = Number(process.env.HIGHROAD_GIT_COMMITS ?? 5_000);
const TAGS = Math.floor(COMMITS / 100);

jest.setTimeout(600_000 + COMMITS * 50);
const START = Date.parse('2020-01-01T00:00:00Z') / 1000;
const STEP = 1_800;

/** A repository with branches that are merged, and reverts, by `git fast-import`. */
function makeRepository(directory: string): void {
  execFileSync('git', ['init', '-q', '--bare', directory]);
  const lines: string[] = [];
  const commit = (options: {
    mark: number;
    ref: string;
    at: number;
    message: string;
    from?: number;
    merge?: number;
  }) => {
    const { mark, ref, at, message, from, merge } = options;
    // Authored up to two days before it was committed.
    const authored = at - ((mark * 7_919) % 172_800);
    lines.push(
      ...[`commit ${ref}`, `mark :${mark}`],
      ...[`author A <a@example.com> ${authored} +0000`],
      ...[`committer C <c@example.com> ${at} +0000`],
      ...[`data ${Buffer.byteLength(message)}`, message],
      ...(from ? [`from :${from}`] : []),
      ...(merge ? [`merge :${merge}`] : []),
      '',
    );
  };
  let main: number | undefined;
  const hashesWanted: number[] = [];
  for (let mark = 1; mark <= COMMITS; mark++) {
    const at = START + mark * STEP;
    if (mark % 25 === 20 && main) {
      // A branch of three, merged by the fourth.
      const base: number = main;
      for (let own = 0; own < 3 && mark + own < COMMITS; own++) {
        commit({
          ...{ mark: mark + own, ref: 'refs/heads/work', at: at + own * STEP },
          message: `Work ${mark + own}`,
          from: own === 0 ? base : mark + own - 1,
        });
      }
      const merge = mark + 3;
      if (merge > COMMITS) break;
      commit({
        ...{ mark: merge, ref: 'refs/heads/main', at: at + 3 * STEP },
        message: `Merge work ${mark}`,
        from: base,
        merge: mark + 2,
      });
      main = merge;
      mark = merge;
    } else {
      commit({
        ...{ mark, ref: 'refs/heads/main', at, message: `Change ${mark}` },
        from: main,
      });
      main = mark;
    }
    if (main && Math.floor(main / 100) > hashesWanted.length) {
      hashesWanted.push(main);
      lines.push(
        ...[`tag v${hashesWanted.length}`, `from :${main}`],
        ...[`tagger T <t@example.com> ${at + 4 * STEP} +0000`],
        ...['data 1', 'x'],
      );
    }
  }
  const made = spawnSync(
    'git',
    ['-C', directory, 'fast-import', '--quiet', '--force'],
    { input: lines.join('\n'), maxBuffer: 1e9 },
  );
  if (made.status !== 0) throw new Error(made.stderr.toString());
}

const git = (directory: string, ...args: string[]) =>
  execFileSync('git', ['-C', directory, ...args], {
    encoding: 'utf8',
    maxBuffer: 1e9,
  })
    .split('\n')
    .filter(Boolean);

describe('a clone', () => {
  const directory = mkdtempSync(join(tmpdir(), 'history-'));
  const events: MetricEvent[] = [];

  beforeAll(async () => {
    makeRepository(directory);
    // A revert of something that an earlier tag brought, with a tag of its own.
    const [reverted] = git(directory, 'rev-parse', 'v3~2');
    const [head] = git(directory, 'rev-parse', `v${TAGS}`);
    const [tree] = git(directory, 'rev-parse', `v${TAGS}^{tree}`);
    const at = `${START + (COMMITS + 10) * STEP} +0000`;
    const env = {
      ...process.env,
      ...{ GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at },
      ...{ GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.com' },
      ...{ GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.com' },
    };
    const revert = execFileSync(
      'git',
      [
        ...['-C', directory, 'commit-tree', tree, '-p', `${head}^{commit}`],
        ...['-m', 'Revert it', '-m', `This reverts commit ${reverted}.`],
      ],
      { env, encoding: 'utf8' },
    ).trim();
    execFileSync('git', ['-C', directory, 'tag', `v${TAGS + 1}`, revert], {
      env,
    });
    for await (const event of gitHistory({
      ...{ directory, service: CART, environment: 'production', tags: 'v*' },
    })) {
      events.push(metricEventSchema.parse(event));
    }
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const facts = () =>
    computeFacts(
      CART,
      events.map(one => ({ ...one, example: false })),
      settings,
    );

  it('gives the lead times that git log alone gives', () => {
    const tags = git(
      directory,
      ...[
        'tag',
        '--sort=creatordate',
        '--format=%(refname:strip=2) %(creatordate:unix)',
      ],
    ).map(line => line.split(' '));
    const expected: string[] = [];
    const earlier: string[] = [];
    for (const [tag, at] of tags) {
      if (earlier.length > 0) {
        for (const line of git(
          directory,
          ...[
            'log',
            '--no-merges',
            '--format=%H %at',
            tag,
            '--not',
            ...earlier,
          ],
        )) {
          const [commit, authored] = line.split(' ');
          expected.push(`${tag} ${commit} ${Number(at) - Number(authored)}`);
        }
      }
      earlier.push(tag);
    }
    const { changes } = facts();
    expect(changes.length).toBeGreaterThan(COMMITS * 0.9);
    expect(
      changes
        .map(one => `${one.deployment} ${one.change} ${one.seconds}`)
        .sort(),
    ).toEqual(expected.sort());
    expect(spreadOf(changes.map(one => one.seconds))).toEqual(
      spreadOf(expected.map(line => Number(line.split(' ')[2]))),
    );
  });

  it('blames the tag that brought what is reverted', () => {
    const failed = facts().deployments.filter(one => one.failure);
    const { deployment, failure } = failed[0];
    expect(failed).toHaveLength(1);
    expect(failure).toBe('reverted');
    const [first] = git(
      directory,
      ...['tag', '--contains', 'v3~2', '--sort=creatordate'],
    );
    expect(deployment).toBe(first);
  });

  it('is the same when it is read again, and names nobody', async () => {
    const again: object[] = [];
    for await (const event of gitHistory({
      ...{ directory, service: CART, environment: 'production', tags: 'v*' },
    })) {
      again.push(metricEventSchema.parse(event));
    }
    expect(again).toEqual(events);
    expect(JSON.stringify(again)).not.toContain('example.com');
  });

  it('says which tags there are none of, and what Git says of what is no clone', async () => {
    const read = async (options: { directory: string; tags: string }) => {
      const history = gitHistory({
        ...{ service: CART, environment: 'production', ...options },
      });
      for await (const _ of history) return;
    };
    await expect(read({ directory, tags: 'release-*' })).rejects.toThrow(
      /No tag of .* fits "release-\*"/,
    );
    await expect(
      read({ directory: join(directory, 'none'), tags: 'v*' }),
    ).rejects.toThrow(/failed in/);
  });
});
