import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Engine, Watching } from '../images/Engine';

/**
 * An image to run a repository's `make` targets in: what its Dockerfile builds in, with the few tools that Makefiles
 * take for granted. So the checks run with the language's version that the service runs with, on a machine that
 * need not have the language at all.
 *
 * @param base - image that the Dockerfile's first stage begins with
 * @param folder - can be written to, and is removed
 * @returns the image's name
 * @throws ImageBuildError when the base has no apt
 */
export async function prepareWorkbench(
  engine: Engine,
  base: string,
  folder: string,
  watching: Watching,
): Promise<string> {
  const dockerfile = [
    `FROM ${base}`,
    'USER 0',
    'RUN apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends bash ca-certificates git make && rm -rf /var/lib/apt/lists/*',
    '',
  ].join('\n');
  const key = createHash('sha256')
    .update(dockerfile)
    .digest('hex')
    .slice(0, 12);
  const name = `localhost/highroad-workbench:${key}`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const file = join(folder, 'Dockerfile');
    await writeFile(file, dockerfile);
    await engine.build(
      { context: folder, dockerfile: file, bases: [base], names: [name] },
      watching,
    );
    return name;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
