import { cutText } from '@highroad/plugin-metrics-common';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gitLines } from './gitLines';
import { timeOf } from './timeOf';

const SOURCE = '/git';
const UNIT = '\x1f';
const REVERTS = /^This reverts commit ([0-9a-f]{40,64})/gm;
const MOST_TITLE = 500;

/**
 * The commits behind some, as events of a service. Nobody's name is read. Where a clone is cut off, its last commits are left out, since it
 * does not say what was before them.
 *
 * @param options.tips - whole hashes of commits
 * @param options.known - commits behind which nothing is read; those that the clone does not have are passed over
 * @throws InputError with Git's own words
 */
export async function* gitCommits(options: {
  directory: string;
  service: string;
  tips: string[];
  known?: string[];
}): AsyncIterable<object> {
  const { directory, service, tips, known = [] } = options;
  const cut = await cutOff(directory);
  const lines = gitLines(
    directory,
    [
      ...['-c', 'log.showSignature=false', 'log', '--no-color'],
      ...['--ignore-missing', '--stdin', '-z'],
      // What people wrote comes last, and has no NUL: whatever else is in it, it is taken for nothing but that.
      `--format=%H${UNIT}%P${UNIT}%at${UNIT}%s${UNIT}%b`,
    ],
    {
      input: [...tips, ...known.map(one => `^${one}`)].join('\n'),
      separator: '\0',
    },
  );
  for await (const line of lines) {
    const [commit, parents, authored, title, ...body] = line.split(UNIT);
    if (!commit || cut.has(commit)) continue;
    const authoredAt = timeOf(authored);
    const reverts = [...body.join(UNIT).matchAll(REVERTS)].map(
      match => match[1],
    );
    yield {
      ...{ specversion: '1.0', source: SOURCE, time: authoredAt },
      id: `${service} ${commit}`,
      type: 'com.myorg.platform.commit.made.1',
      data: {
        ...{ service, commit, authoredAt },
        parents: parents ? parents.split(' ') : [],
        title: cutText(title, MOST_TITLE),
        ...(reverts.length > 0 && { reverts: reverts.slice(0, 50) }),
      },
    };
  }
}

/** Commits whose parents a shallow clone does not have. */
async function cutOff(directory: string): Promise<Set<string>> {
  for (const folder of [directory, join(directory, '.git')]) {
    const text = await readFile(join(folder, 'shallow'), 'utf8').catch(
      () => undefined,
    );
    if (text) return new Set(text.split('\n').filter(Boolean));
  }
  return new Set();
}
