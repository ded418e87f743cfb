import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ProgramCache } from '../cache/ProgramCache';
import { changeModules } from './changedModules';
import { moduleFolder } from './moduleFolder';
import { run } from '../machine/run';
import { GoPin, pins } from './programs';
import type { Progress } from './prepare';

/** Go's own caches of these builds, apart from the user's: they grow to some 10 GB and can be thrown away. */
export function goCaches(cache: string): NodeJS.ProcessEnv {
  return {
    GOMODCACHE: join(cache, 'go', 'mod'),
    GOCACHE: join(cache, 'go', 'build'),
  };
}

/**
 * Builds a program's binaries at low priority. A build that is killed leaves the compiled packages in Go's cache, and
 * the next one goes on from there.
 *
 * @returns what it was made of
 */
export async function buildGo(
  pin: GoPin,
  folder: string,
  cache: string,
  progress: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<Record<string, string>> {
  const cwd = moduleFolder(pin.name);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...goCaches(cache),
    CGO_ENABLED: pin.cgo ? '1' : '0',
    GOFLAGS: '-mod=readonly -trimpath -buildvcs=false -modcacherw',
    GOTOOLCHAIN: 'local',
    GOWORK: 'off',
  };
  const lowPriority = (args: string[], onLine?: (line: string) => void) =>
    run('nice', ['-n', '19', 'go', ...args], { cwd, env, onLine, signal });

  const folderOf = async (module: string) =>
    (
      await run('go', ['list', '-m', '-f', '{{.Dir}}', module], { cwd, env })
    ).trim();

  progress({ doing: 'downloading', done: 0 });
  const tags = pin.tags?.length ? ['-tags', pin.tags.join(' ')] : [];
  const mains = Object.values(pin.binaries);
  // Only what is not in the cache yet has to be compiled, and each is printed when it is.
  const stale = await lowPriority([
    'list',
    '-deps',
    ...tags,
    '-f',
    '{{if and .Stale (not .Standard)}}{{.ImportPath}}{{else if .Stale}}{{.ImportPath}}{{end}}',
    ...mains,
  ]);
  const total = stale.split('\n').filter(Boolean).length || 1;
  let compiled = 0;
  const count = (line: string) => {
    if (/^[a-z0-9.\-_/A-Z]+$/.test(line)) compiled += 1;
    progress({ doing: 'building', done: Math.min(0.99, compiled / total) });
  };
  progress({ doing: 'building', done: 0 });

  await mkdir(join(folder, 'bin'));
  const flags = Object.entries(pin.variables ?? {}).map(
    ([k, v]) => `-X ${k}=${v}`,
  );
  const changed = await mkdtemp(join(folder, '.changed-'));
  const modules = pin.changes && [
    `-modfile=${await changeModules(pin.changes, {
      wrapper: cwd,
      into: changed,
      folderOf,
    })}`,
  ];
  for (const [binary, main] of Object.entries(pin.binaries)) {
    await lowPriority(
      [
        'build',
        '-v',
        ...(modules ?? []),
        ...tags,
        '-ldflags',
        ['-s -w', ...flags].join(' '),
        '-o',
        join(folder, 'bin', binary),
        main,
      ],
      count,
    );
  }
  await rm(changed, { recursive: true });
  for (const [name, { module, path }] of Object.entries(pin.assets ?? {})) {
    await cp(join(await folderOf(module), path), join(folder, name), {
      recursive: true,
    });
  }
  return {
    go: (await run('go', ['env', 'GOVERSION'], { env })).trim(),
    module: firstRequirement(await readFile(join(cwd, 'go.mod'), 'utf8')),
  };
}

/**
 * Throws Go's caches away once every program that is built with Go is there: they are some ten times as large as what
 * came out. A program whose pin changes later is built from nothing.
 *
 * @returns whether there was something to throw away
 */
export async function dropGoCaches(cache: string): Promise<boolean> {
  if (process.env.HIGHROAD_SANDBOX_KEEP_GO_CACHE) return false;
  const folder = join(cache, 'go');
  if (!existsSync(folder)) return false;
  const programs = new ProgramCache(cache);
  for (const pin of pins.filter(one => one.kind === 'go')) {
    if (!(await programs.find(pin))) return false;
  }
  // Another checkout may be building with them just now.
  if (await programs.isBeingFilled()) return false;
  // Out of the way at once; the hundred thousand files take their time.
  const dropped = `${folder}.dropped-${process.pid}`;
  await rename(folder, dropped);
  await run('rm', ['-rf', dropped]);
  return true;
}

function firstRequirement(text: string): string {
  return /require (\S+ v\S+)/.exec(text)?.[1] ?? '';
}
