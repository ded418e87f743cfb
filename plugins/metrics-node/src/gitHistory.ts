import { InputError } from '@backstage/errors';
import { cutText } from '@highroad/plugin-metrics-common';
import { gitCommits } from './gitCommits';
import { gitLines } from './gitLines';
import { timeOf } from './timeOf';

/** Where events of a clone say that they come from. */
const SOURCE = '/git';
/** Name, what it is of, and when. An annotated tag has a time and an object of its own. */
const TAG_FORMAT =
  '--format=%(refname:strip=2)%09%(if)%(*objecttype)%(then)%(*objecttype) %(*objectname)%(else)%(objecttype) %(objectname)%(end)%09%(creatordate:unix)';

export interface GitHistoryOptions {
  /** Path of the clone, bare or not */
  directory: string;
  /** Reference of the service that is in it */
  service: string;
  environment: string;
  /** Which tags are deployments, such as `v*`, as `git tag --list` takes it */
  tags: string;
}

/**
 * A clone as events: each tag of the pattern is a deployment at the time of the tag, each commit behind these is one that may be
 * deployed. The same clone gives the same events. Nobody's name is read.
 *
 * @throws InputError where the directory is no clone, or no tag fits
 */
export async function* gitHistory(
  options: GitHistoryOptions,
): AsyncIterable<object> {
  const { directory, service, environment } = options;
  const tags = await tagsOf(options);
  if (tags.length === 0) {
    throw new InputError(
      `No tag of ${directory} fits "${options.tags}". List them: git -C ${directory} tag`,
    );
  }
  yield* gitCommits({ directory, service, tips: tags.map(tag => tag.commit) });
  for (const { name, commit, at } of tags) {
    yield {
      ...{ specversion: '1.0', source: SOURCE, time: at },
      id: cutText(`${service} ${environment} ${name}`, 255),
      type: 'com.myorg.platform.deployment.finished.1',
      data: {
        ...{ service, environment, commit, outcome: 'succeeded' },
        deployment: name,
        version: cutText(name, 128),
      },
    };
  }
}

async function tagsOf({
  directory,
  tags,
}: GitHistoryOptions): Promise<
  Array<{ name: string; commit: string; at: string }>
> {
  const found: Array<{ name: string; commit: string; at: string }> = [];
  const lines = gitLines(directory, ['tag', '--list', TAG_FORMAT, tags], {
    separator: '\n',
  });
  for await (const line of lines) {
    const [name, object, at] = line.split('\t');
    const [type, commit] = (object ?? '').split(' ');
    if (type !== 'commit' || !commit || !at) continue;
    found.push({ name, commit, at: timeOf(at) });
  }
  return found;
}
