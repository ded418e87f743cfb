interface Folder {
  [name: string]: Folder | null;
}

/** Draws paths as a tree, folders before files. */
export function fileTree(paths: string[]): string {
  const root: Folder = {};
  for (const path of paths) {
    const parts = path.split('/');
    const file = parts.pop();
    if (!file) continue;
    let folder = root;
    for (const part of parts) {
      folder[part] = folder[part] ?? {};
      folder = folder[part] ?? {};
    }
    folder[file] = null;
  }
  return draw(root, '').join('\n');
}

function draw(folder: Folder, indent: string): string[] {
  const entries = Object.entries(folder).sort(
    ([a, x], [b, y]) =>
      Number(x === null) - Number(y === null) || (a < b ? -1 : 1),
  );
  return entries.flatMap(([name, below], index) => {
    const last = index === entries.length - 1;
    const line = `${indent}${last ? '└── ' : '├── '}${name}${below ? '/' : ''}`;
    return below
      ? [line, ...draw(below, `${indent}${last ? '    ' : '│   '}`)]
      : [line];
  });
}
