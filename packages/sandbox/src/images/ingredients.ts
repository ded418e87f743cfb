import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { PACKAGE } from '../machine/paths';
import { run, RunOptions } from '../machine/run';
import { goCaches } from '../upstream/goModule';
import { Ingredient } from './recipes';

export interface Kitchen {
  /** Folder of the sandbox's cache */
  cache: string;
  /** Path of mmdebstrap */
  mmdebstrap: string;
  onLine?: (line: string) => void;
  signal?: AbortSignal;
}

/**
 * Puts a recipe's ingredients into the folder that its Dockerfile copies from.
 *
 * @throws Error that says what could not be had
 */
export async function gather(
  ingredients: Ingredient[],
  folder: string,
  kitchen: Kitchen,
): Promise<void> {
  for (const ingredient of ingredients) {
    switch (ingredient.kind) {
      case 'debian':
        await debian(ingredient.suite, join(folder, ingredient.as), kitchen);
        break;
      case 'go':
        await goDistribution(
          ingredient.version,
          join(folder, ingredient.as),
          kitchen,
        );
        break;
      case 'npm':
        await npmPackage(
          `${ingredient.package}@${ingredient.version}`,
          ingredient.package,
          join(folder, ingredient.as),
          kitchen,
        );
        break;
      case 'file':
        await cp(
          join(PACKAGE, 'images', ingredient.name),
          join(folder, ingredient.name),
        );
        break;
      default:
        throw new Error(`No way to get ${JSON.stringify(ingredient)}`);
    }
  }
}

/** Leaves out what nobody reads in a container, now and in what is installed later; licences stay. */
const WITHOUT_MANUALS = [
  `printf '%s\\n' path-exclude=/usr/share/man/* path-exclude=/usr/share/locale/* path-exclude=/usr/share/doc/* path-include=/usr/share/doc/*/copyright > "$1/etc/dpkg/dpkg.cfg.d/without-manuals"`,
  'rm -rf "$1"/usr/share/man/* "$1"/usr/share/locale/*',
  'find "$1/usr/share/doc" -type f ! -name copyright -delete',
].join(' && ');

/** The smallest Debian that apt works in. Its packages are checked against the archive's keys on this machine. */
async function debian(suite: string, tar: string, kitchen: Kitchen) {
  const keys = '/usr/share/keyrings/debian-archive-keyring.gpg';
  if (!existsSync(keys)) {
    throw new Error(
      `Images are made from Debian's packages, whose keys are not here: install debian-archive-keyring (${keys}).`,
    );
  }
  await run(
    'perl',
    [
      kitchen.mmdebstrap,
      '--mode=root',
      '--variant=minbase',
      '--include=ca-certificates',
      '--aptopt=Acquire::Languages "none"',
      `--customize-hook=${WITHOUT_MANUALS}`,
      suite,
      tar,
    ],
    quietly(kitchen),
  );
}

/**
 * The Go distribution, as the go command itself gets it when a module asks for another Go.
 * https://go.dev/doc/toolchain
 */
async function goDistribution(
  version: string,
  folder: string,
  kitchen: Kitchen,
) {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const full = await publishedGo(version, kitchen);
  const answer = await go(
    [
      'mod',
      'download',
      '-json',
      `golang.org/toolchain@v0.0.1-go${full}.linux-${arch}`,
    ],
    kitchen,
  );
  const { Dir } = z.object({ Dir: z.string() }).parse(JSON.parse(answer));
  await cp(Dir, folder, { recursive: true });
  // What a module holds is never executable and cannot be written.
  await chmod(folder, 0o755);
  for (const tools of [
    join(folder, 'bin'),
    join(folder, 'pkg/tool', `linux_${arch}`),
  ]) {
    if (!existsSync(tools)) continue;
    for (const name of await readdir(tools))
      await chmod(join(tools, name), 0o755);
  }
}

/** A version with all its figures: of `1.26` the one that is installed here. */
async function publishedGo(version: string, kitchen: Kitchen): Promise<string> {
  if (version.split('.').length > 2) return version;
  const here = /go(\S+)/.exec(await go(['env', 'GOVERSION'], kitchen))?.[1];
  if (here?.startsWith(`${version}.`)) return here;
  throw new Error(
    `"golang:${version}" can mean any Go ${version}; write the whole version, such as golang:${version}.1.`,
  );
}

function go(args: string[], kitchen: Kitchen): Promise<string> {
  return run('go', args, {
    ...quietly(kitchen),
    onLine: undefined,
    env: {
      ...process.env,
      ...goCaches(kitchen.cache),
      GOTOOLCHAIN: 'local',
      GOFLAGS: '-modcacherw',
      GOWORK: 'off',
    },
  }).catch(error => {
    if ('code' in error && error.code === 'ENOENT')
      throw new Error(
        'A Go image is made with the go command, which is not on PATH.',
      );
    throw error;
  });
}

/** What a package holds, without its dependencies; nothing of it is run. */
async function npmPackage(
  wanted: string,
  name: string,
  folder: string,
  kitchen: Kitchen,
) {
  const work = `${folder}.install`;
  await mkdir(work, { recursive: true });
  await run(
    'npm',
    [
      'install',
      '--prefix',
      work,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-save',
      wanted,
    ],
    quietly(kitchen),
  );
  await cp(join(work, 'node_modules', name), folder, {
    recursive: true,
    verbatimSymlinks: true,
  });
  await rm(work, { recursive: true, force: true });
}

function quietly({ onLine, signal }: Kitchen): RunOptions {
  return { cwd: '/', onLine, signal };
}
