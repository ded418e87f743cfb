import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RenderedFile } from './scaffolder';

/** Writes a rendered repository, with the modes its files have in it. */
export async function writeRepository(
  folder: string,
  files: RenderedFile[],
): Promise<void> {
  for (const { path, content, executable } of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content, { mode: executable ? 0o755 : 0o644 });
  }
}
