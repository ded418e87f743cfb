import { InputError } from '@backstage/errors';

/** Owner and name of a repository, `payments-team/payment-service`. */
export interface RepositoryId {
  owner: string;
  name: string;
}

/** A file or folder of a repository at a branch, tag or commit. An empty path is the root. */
export interface RepositoryPath extends RepositoryId {
  ref: string;
  path: string;
}

const SEGMENT = /^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/;
const REF = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/;

/** @throws InputError naming the part that is wrong */
export function parseRepositoryId(owner: string, name: string): RepositoryId {
  for (const [field, value] of Object.entries({ owner, name })) {
    if (!SEGMENT.test(value) || value.includes('..')) {
      throw new InputError(
        `Repository ${field} "${value}" is not valid. Use lower-case letters, digits, ".", "_" and "-", at most 63, starting and ending with a letter or digit.`,
      );
    }
  }
  return { owner, name };
}

/** @throws InputError if Git could take the ref for an option or a range */
export function parseRef(ref: string): string {
  if (!REF.test(ref) || ref.includes('..') || ref.endsWith('.lock')) {
    throw new InputError(`"${ref}" is not a branch, tag or commit.`);
  }
  return ref;
}

/** @throws InputError if the path leaves the repository */
export function parsePath(path: string): string {
  const parts = path.split('/').filter(part => part !== '');
  if (
    parts.some(part => part === '.' || part === '..') ||
    path.includes('\0') ||
    path.includes(':')
  ) {
    throw new InputError(`"${path}" is not a path inside a repository.`);
  }
  return parts.join('/');
}

/** The page of a repository, a file or a folder in the portal, relative to the portal's address. */
export function repositoryPagePath(
  id: RepositoryId,
  at?: { ref: string; path: string; kind?: 'blob' | 'tree' },
): string {
  const base = `/repositories/${id.owner}/${id.name}`;
  if (!at) return base;
  const path = at.path.split('/').map(encodeURIComponent).join('/');
  return `${base}/${at.kind ?? 'blob'}/${encodeURIComponent(at.ref)}/${path}`;
}

/**
 * Reads back what {@link repositoryPagePath} wrote.
 *
 * @returns undefined for an address that is not a repository page of this portal
 */
export function parseRepositoryUrl(
  url: string,
  portalUrl: string,
): RepositoryPath | undefined {
  const prefix = `${portalUrl.replace(/\/$/, '')}/repositories/`;
  if (!url.startsWith(prefix)) return undefined;

  const [owner, name, kind, ref, ...path] = url
    .slice(prefix.length)
    .split(/[?#]/)[0]
    .split('/')
    .map(decodeURIComponent);
  if (!owner || !name) return undefined;
  if (kind !== undefined && kind !== '' && kind !== 'blob' && kind !== 'tree') {
    return undefined;
  }
  return {
    ...parseRepositoryId(owner, name),
    ref: parseRef(ref || 'HEAD'),
    path: parsePath(path.join('/')),
  };
}
