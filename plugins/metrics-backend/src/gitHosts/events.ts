import { cutText } from '@highroad/plugin-metrics-common';
import { createHash } from 'node:crypto';
import { Closed, Issue } from './shapes';

/** What events of a host's repositories begin their source with. */
export const GIT_HOSTS = '/plugins/metrics/git-hosts/';
const MERGED = 'dev.cdevents.change.merged.0.2.0';
const CREATED = 'dev.cdevents.ticket.created.0.1.0';
const CLOSED = 'dev.cdevents.ticket.closed.0.1.0';
const MOST_NAME = 255;
const MOST_TITLE = 500;
const MOST_LABELS = 100;
const MOST_REVERTS = 50;

/** A repository, as it is named in events. */
export interface Origin {
  host: string;
  /** `owner/name` */
  repository: string;
}

/** One event for each pull request and service: it is told of as it was when it was first seen merged. */
export function mergedId(
  { repository }: Origin,
  number: number,
  service: string,
): string {
  return nameOf(repository, `#${number} ${service}`);
}

/** What a pull request is called: services move from one repository, and from one host, to another, where the numbers begin anew. */
function changeOf({ host, repository }: Origin, number: number | string) {
  return nameOf(`${host}/${repository}`, `#${number}`);
}

export function mergedEvent(
  origin: Origin,
  service: string,
  closed: Closed & { merged_at: string; merge_commit_sha: string },
  commits: Array<{ commit: string; authoredAt: string }>,
): object {
  const { number, title, body, html_url: url, labels } = closed;
  const firstCommitAt = commits.reduce(
    (first, one) => (one.authoredAt < first ? one.authoredAt : first),
    closed.merged_at,
  );
  return {
    ...envelope(origin, MERGED, closed.merged_at),
    id: mergedId(origin, number, service),
    data: {
      ...{ service, change: changeOf(origin, number), url, firstCommitAt },
      ...{ mergeCommit: closed.merge_commit_sha, mergedAt: closed.merged_at },
      // What came onto the branch is the change itself, also where it is its only commit.
      commits: commits
        .map(one => one.commit)
        .filter(commit => commit !== closed.merge_commit_sha),
      authoredAt: commits.map(one => one.authoredAt),
      reverts: revertedBy(body ?? '', origin.repository).map(one =>
        changeOf(origin, one),
      ),
      labels: labels.slice(0, MOST_LABELS).map(one => cutText(one, 100)),
      title: cutText(title, MOST_TITLE),
    },
  };
}

/** As both hosts write it into the text of a pull request that their button makes: "Reverts acme/cart#12". */
export function revertedBy(text: string, repository: string): string[] {
  const found = text.matchAll(
    /\brevert(?:s|ed)?:?\s+([\w.-]+\/[\w.-]+)?#(\d+)/gi,
  );
  const own = repository.toLocaleLowerCase('en-US');
  const numbers = [...found].flatMap(([, named, number]) =>
    !named || named.toLocaleLowerCase('en-US') === own ? [number] : [],
  );
  return [...new Set(numbers)].slice(0, MOST_REVERTS);
}

/** That a ticket was written, and that it was closed where it was. */
export function ticketEvents(
  origin: Origin,
  service: string,
  issue: Issue,
): object[] {
  const { number, html_url: url, created_at, closed_at } = issue;
  const ticket = nameOf(origin.repository, `#${number}`);
  const tell = (type: string, word: string, time: string) => ({
    ...envelope(origin, type, time),
    id: nameOf(origin.repository, `#${number} ${word} ${service}`),
    data: { ...{ service, ticket, url }, kind: 'ops' },
  });
  return [
    tell(CREATED, 'created', created_at),
    // It may be opened and closed again, which is another event each time.
    ...(closed_at ? [tell(CLOSED, `closed ${closed_at}`, closed_at)] : []),
  ];
}

function envelope({ host }: Origin, type: string, time: string) {
  return { specversion: '1.0', source: `${GIT_HOSTS}${host}`, type, time };
}

/** A name that finds room: of a path that is too long there is the beginning, and a mark of the whole, so that it is one by itself. */
function nameOf(path: string, rest: string): string {
  const whole = `${path}${rest}`;
  if (whole.length <= MOST_NAME) return whole;
  const digest = createHash('sha256').update(path).digest('hex');
  const mark = `~${digest.slice(0, 12)}`;
  const room = Math.max(0, MOST_NAME - mark.length - rest.length);
  return `${path.slice(0, room)}${mark}${rest}`.slice(0, MOST_NAME);
}
