import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { explainInstallFailure, Failure } from './failure.mjs';
import { CACHE } from './paths.mjs';
import { lastLine, run } from './run.mjs';

/** Backstage runs on these; another Node is replaced by a packaged one, for this project only. */
const FITTING_NODE = [22, 24];
const NODE_VERSION = '24.21.0';
const YARN_VERSION = '4.18.1';

/**
 * Finds or fetches a fitting Node and Yarn.
 *
 * @returns the paths, and an environment in which `node` and `yarn` are those
 */
export async function ensureToolchain(say = () => {}) {
  const node = await ensureNode(say);
  const yarn = await ensurePackage(
    '@yarnpkg/cli-dist',
    YARN_VERSION,
    'bin/yarn.js',
    say,
  );
  const shims = await writeShims({ node: node.executable, yarn });
  const env = {
    ...process.env,
    PATH: [shims, path.dirname(node.executable), process.env.PATH].join(
      path.delimiter,
    ),
    // What Node has compiled once, it need not compile again at the next start.
    NODE_COMPILE_CACHE:
      process.env.NODE_COMPILE_CACHE ?? path.join(CACHE, 'compiled'),
    // A machine's own npm settings may point at the headers of another Node.
    ...(node.home && { npm_config_nodedir: node.home }),
  };
  // npm passes its own settings on as npm_*; Yarn and node-gyp would take some of them for theirs.
  for (const name of Object.keys(env)) {
    if (/^npm_(lifecycle|package|execpath|command|node_execpath)/.test(name)) {
      delete env[name];
    }
  }
  return { node: node.executable, yarn, env };
}

async function ensureNode(say) {
  const major = Number(process.versions.node.split('.')[0]);
  if (FITTING_NODE.includes(major)) {
    return { executable: process.execPath };
  }
  const platform = { linux: 'linux', darwin: 'darwin', win32: 'win' }[
    process.platform
  ];
  const name = `node-${platform}-${process.arch}`;
  const file = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  const executable = await ensurePackage(name, NODE_VERSION, file, say);
  return { executable, home: path.dirname(path.dirname(executable)) };
}

/** Puts one npm package into the cache, whole or not at all, and returns the path of a file in it. */
export async function ensurePackage(name, version, file, say) {
  const home = path.join(
    CACHE,
    'toolchain',
    `${name.replace(/[@/]+/g, '-').replace(/^-/, '')}-${version}`,
  );
  const wanted = path.join(home, 'node_modules', name, file);
  if (existsSync(wanted)) return wanted;

  say(`Getting ${name} ${version}`);
  await mkdir(path.dirname(home), { recursive: true });
  const building = await mkdtemp(`${home}.building-`);
  try {
    const result = await npm([
      'install',
      '--prefix',
      building,
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      '--no-package-lock',
      // Whatever calls this may have silenced npm; without its words nobody knows why it failed.
      '--loglevel=error',
      `${name}@${version}`,
    ]);
    if (
      result.code !== 0 ||
      !existsSync(path.join(building, 'node_modules', name, file))
    ) {
      throw new Failure(
        `${name} ${version} could not be installed.`,
        explainInstallFailure(result.output) ?? {
          why: lastLine(result.output),
          fix: 'Or put Node 24 on PATH yourself and start again.',
        },
      );
    }
    await rename(building, home).catch(error => {
      // Another start was faster; both made the same.
      if (!existsSync(wanted)) throw error;
    });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return wanted;
}

function npm(args) {
  const cli = process.env.npm_execpath;
  if (cli && /npm-cli\.[cm]?js$/.test(cli)) {
    return run(process.execPath, [cli, ...args]);
  }
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args);
}

/** A folder with `yarn` in it, since its package carries only a script. */
async function writeShims({ node, yarn }) {
  const folder = path.join(CACHE, 'toolchain', 'bin');
  await mkdir(folder, { recursive: true });
  const shims = {
    yarn: `#!/bin/sh\nexec "${node}" "${yarn}" "$@"\n`,
    'yarn.cmd': `@"${node}" "${yarn}" %*\r\n`,
  };
  for (const [name, text] of Object.entries(shims)) {
    const file = path.join(folder, name);
    const present = existsSync(file) ? await readFile(file, 'utf8') : '';
    if (present !== text) await writeFile(file, text, { mode: 0o755 });
  }
  return folder;
}
