import { parseEntityRef } from '@backstage/catalog-model';

const LONGEST_VERSION = 20;

/** A version as it fits a table: of a commit's hash the first seven, as Git has it. */
export function shortVersion(version: string): string {
  if (/^[0-9a-f]{40}$/.test(version)) return version.slice(0, 7);
  return version.length > LONGEST_VERSION
    ? `${version.slice(0, LONGEST_VERSION - 1)}…`
    : version;
}

/** `sha256:f719d78e303d` */
export function shortDigest(digest: string): string {
  return digest.replace(
    /^(?:(\w+):)?([0-9a-f]{12})[0-9a-f]*$/,
    (_, kind, hex) => (kind ? `${kind}:${hex}` : hex),
  );
}

/** A sentence with hashes and digests in it, as it is read. */
export function withShortHashes(text: string): string {
  return text
    .replace(/\bsha256:[0-9a-f]{64}\b/g, shortDigest)
    .replace(/\b[0-9a-f]{40}\b/g, shortVersion);
}

/** A service's name, without the default namespace. */
export function serviceName(ref: string): string {
  const { namespace, name } = parseEntityRef(ref);
  return namespace === 'default' ? name : `${namespace}/${name}`;
}
