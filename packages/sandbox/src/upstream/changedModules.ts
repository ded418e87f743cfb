import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceChange } from './programs';

/**
 * Copies modules, changes the copies, and writes a go.mod that takes them. What is copied was checked against go.sum;
 * Go itself lets nothing replace single files of a module.
 *
 * @param options.wrapper - folder of the wrapper module
 * @param options.into - an empty folder; needed for as long as is built
 * @param options.folderOf - where a module's sources are
 * @returns path of the go.mod, for `-modfile`
 * @throws Error when a text is not there exactly once: it was written for another version
 */
export async function changeModules(
  changes: SourceChange[],
  options: {
    wrapper: string;
    into: string;
    folderOf: (module: string) => Promise<string>;
  },
): Promise<string> {
  const { wrapper, into, folderOf } = options;
  const copies = new Map<string, string>();
  for (const { module } of changes) {
    if (copies.has(module)) continue;
    const copy = join(into, `module-${copies.size}`);
    await cp(await folderOf(module), copy, { recursive: true });
    copies.set(module, copy);
  }
  for (const { module, file, from, to } of changes) {
    const source = join(copies.get(module) ?? '', file);
    const parts = (await readFile(source, 'utf8')).split(from);
    if (parts.length !== 2) {
      throw new Error(
        `${module} has ${from} ${
          parts.length - 1
        } times in ${file}, and it is changed where it stands once. Look at the new version, and correct the pin.`,
      );
    }
    await writeFile(source, parts.join(to));
  }
  const replacements = [...copies].map(
    ([module, copy]) => `replace ${module} => ${JSON.stringify(copy)}\n`,
  );
  const modules = join(into, 'go.mod');
  await writeFile(
    modules,
    `${await readFile(join(wrapper, 'go.mod'), 'utf8')}\n${replacements.join(
      '',
    )}`,
  );
  await cp(join(wrapper, 'go.sum'), join(into, 'go.sum'));
  return modules;
}
