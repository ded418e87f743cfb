import { NotFoundError } from '@backstage/errors';
import fs from 'fs-extra';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * The kubectl that renders manifests: the configured one, else the machine's, else the one that the sandbox prepared.
 *
 * @param configured - `platform.deployments.kubectl`
 * @throws NotFoundError that says where it was looked for
 */
export async function findKubectl(
  configured: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  if (configured !== undefined) {
    if (await isProgram(configured)) return configured;
    throw new NotFoundError(
      `There is no program at ${configured}, which "platform.deployments.kubectl" in app-config names.`,
    );
  }
  for (const folder of (env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const path = join(folder, 'kubectl');
    if (await isProgram(path)) return path;
  }
  const programs = join(sandboxCache(env), 'programs');
  const names = await fs.readdir(programs).catch((): string[] => []);
  const prepared = names
    .filter(name => /^kubernetes-\d[\d.]*-[a-f0-9]+$/.test(name))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map(name => join(programs, name, 'bin', 'kubectl'));
  for (const path of prepared) {
    if (await isProgram(path)) return path;
  }
  throw new NotFoundError(
    'There is no kubectl, which renders manifests. Install it on the machine of the backend, or name it in "platform.deployments.kubectl" in app-config.',
  );
}

/** Where the sandbox of `npm start` keeps the programs that it prepared, as @highroad/sandbox decides it. */
function sandboxCache(env: NodeJS.ProcessEnv): string {
  const base =
    env.HIGHROAD_CACHE ??
    join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'highroad');
  return join(base, 'sandbox');
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await fs.access(path, fs.constants.X_OK);
    return (await fs.stat(path)).isFile();
  } catch {
    return false;
  }
}
