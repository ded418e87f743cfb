import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SERVICE_TEMPLATE } from './templateFolder';

/** Copies the template "Service", adds a folder of files to its skeleton and replaces one line of `template.yaml`. */
export async function templateWith(options: {
  /** Contents by path in the skeleton */
  files: Record<string, string>;
  line: { old: string; new: string };
}): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'highroad-template-'));
  await cp(SERVICE_TEMPLATE, path, { recursive: true });
  for (const [file, text] of Object.entries(options.files)) {
    const target = join(path, 'skeleton', file);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
  const definition = join(path, 'template.yaml');
  const text = await readFile(definition, 'utf8');
  const parts = text.split(options.line.old);
  if (parts.length !== 2) {
    throw new Error(
      `"${options.line.old}" stands ${
        parts.length - 1
      } times in template.yaml, not once`,
    );
  }
  await writeFile(definition, parts.join(options.line.new));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
