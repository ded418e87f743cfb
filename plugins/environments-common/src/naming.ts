/** Longest name of an environment; what is made of it has to stay a DNS label. */
export const NAME_LENGTH = 40;
/** A name that a host name can be made of. */
export const LABEL_PATTERN = '^[a-z]([a-z0-9-]*[a-z0-9])?$';
/** A folder in `deploy/overlays`. */
export const OVERLAY_PATTERN = '^[a-zA-Z0-9]([a-zA-Z0-9._-]*[a-zA-Z0-9])?$';
/** Longest name of one. */
export const OVERLAY_LENGTH = 63;

const MASK = (1n << 64n) - 1n;

/**
 * A short word that stands for a text: FNV-1a with 64 bits (draft-eastlake-fnv), in letters and digits. It tells
 * apart what is not made to be mistaken; whoever relies on it checks what stands behind the name too.
 */
export function shortHash(text: string, length = 8): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & MASK;
  }
  return hash.toString(36).padStart(13, '0').slice(-length);
}

/** Lower case, letters, digits and single hyphens, no longer than this. */
function labelOf(text: string, length: number): string {
  return text
    .toLocaleLowerCase('en-US')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, length)
    .replace(/^-+|-+$/g, '');
}

/** A pull request, as its Git host names it. */
export interface PullRequestName {
  /** Host with its port, such as `github.com` */
  host: string;
  /** `owner/name` */
  repository: string;
  number: number;
}

/** One word for a pull request, the same however the host's letters are written. Fits into a label. */
export function pullRequestKey(pullRequest: PullRequestName): string {
  const { host, repository, number } = pullRequest;
  return shortHash(
    `${host}/${repository}#${number}`.toLocaleLowerCase('en-US'),
    13,
  );
}

/**
 * The name of a pull request's environment. Every repository has a pull request 12, so the repository is in it, in
 * full by its hash.
 */
export function pullRequestEnvironmentName(
  pullRequest: PullRequestName,
): string {
  const name = pullRequest.repository.split('/').at(-1) ?? '';
  const number = String(pullRequest.number);
  const hash = pullRequestKey(pullRequest).slice(-8);
  const room = NAME_LENGTH - `pr-${number}--${hash}`.length;
  return [`pr-${number}`, labelOf(name, room), hash].filter(Boolean).join('-');
}

/**
 * What names of an environment's own things begin with: its name, and for one that a team keeps in a namespace of its
 * own, something of that, since two teams may have a `demo`.
 *
 * @param home - namespace in which the platform keeps those that are not applied by hand
 */
export function slugOf(
  environment: { namespace: string; name: string },
  home: string,
): string {
  const { namespace, name } = environment;
  return namespace === home ? name : `${name}-${shortHash(namespace, 6)}`;
}

/** The namespace that an environment gets for itself. */
export function ownNamespaceOf(slug: string): string {
  return `env-${slug}`;
}
