import { GitHostInfo } from '@highroad/plugin-create-common';
import { isIP } from 'node:net';

/**
 * The module path of a Go service. Its first element has to be a name with a dot, without a port
 * (https://go.dev/ref/mod#module-path), and it outlives a move of the Git host: an address never stands in it.
 *
 * @param where.prefix - from `platform.create.modulePrefix`; the service's name is put behind it
 * @param where.domain - from `platform.create.domain`; stands in for a Git host that has no such name
 */
export function modulePath(
  repository: { kind: GitHostInfo['kind']; host: string; slug: string },
  where: { prefix?: string; domain?: string } = {},
): string {
  const { kind, host, slug } = repository;
  if (where.prefix) {
    return `${where.prefix.replace(/\/$/, '')}/${slug.slice(
      slug.indexOf('/') + 1,
    )}`;
  }
  const name = kind === 'local' ? undefined : hostName(host);
  return `${name ?? where.domain ?? 'highroad.local'}/${slug}`;
}

/** The name of a host; undefined for an address, and for a name that means nothing on another machine. */
function hostName(host: string): string | undefined {
  const { hostname } = new URL(`https://${host}`);
  const isAddress = hostname.startsWith('[') || isIP(hostname) !== 0;
  return isAddress || !hostname.includes('.') ? undefined : hostname;
}
