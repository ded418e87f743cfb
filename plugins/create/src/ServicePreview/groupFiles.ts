/** Files of one folder, in the order a person looks for them. */
export interface FileGroup {
  /** Relative to the repository's root; empty for the root itself */
  folder: string;
  files: string[];
}

/**
 * Groups paths by their first folder, the root's own files first.
 *
 * @param paths - relative to the repository's root, in any order
 */
export function groupFiles(paths: string[]): FileGroup[] {
  const groups = new Map<string, string[]>();
  for (const path of [...paths].sort()) {
    const slash = path.indexOf('/');
    const folder = slash < 0 ? '' : path.slice(0, slash);
    const rest = slash < 0 ? path : path.slice(slash + 1);
    groups.set(folder, [...(groups.get(folder) ?? []), rest]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([folder, files]) => ({ folder, files }));
}
