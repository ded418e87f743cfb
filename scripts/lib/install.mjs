import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import {
  mkdir,
  readdir,
  readFile,
  rm,
  statfs,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { explainInstallFailure, Failure } from './failure.mjs';
import { ROOT, STATE } from './paths.mjs';
import { lastLine, run } from './run.mjs';

const STAMP = path.join(ROOT, 'node_modules', '.highroad-installed');
const GIB = 1024 ** 3;
const INSTALL_BYTES = 4 * GIB;
const RUN_BYTES = 0.2 * GIB;

/** Installs dependencies as the lockfile says, unless that is what is there already. */
export async function ensureInstalled(toolchain, say = () => {}) {
  const wanted = await fingerprint(toolchain);
  const present = existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : '';
  const done = present === wanted;
  await requireSpace(done ? RUN_BYTES : INSTALL_BYTES);
  if (done) return;

  say('Installing dependencies (about 3 minutes the first time)');
  await rm(STAMP, { force: true });
  const result = await run(
    toolchain.node,
    [toolchain.yarn, 'install', '--immutable'],
    {
      cwd: ROOT,
      // What a native build says would be in files of its own, where nobody finds why it failed.
      env: { ...toolchain.env, YARN_ENABLE_INLINE_BUILDS: '1' },
    },
  );
  if (result.code !== 0) {
    await mkdir(path.join(STATE, 'logs'), { recursive: true });
    const log = path.join(STATE, 'logs', 'install.log');
    await writeFile(log, result.output).catch(() => {});
    throw new Failure(
      'The dependencies could not be installed.',
      explainInstallFailure(result.output) ?? {
        why: lastLine(result.output),
        fix: `Read ${log}`,
      },
    );
  }
  await writeFile(STAMP, wanted);
}

async function requireSpace(bytes) {
  const { bavail, bsize } = await statfs(ROOT);
  const free = bavail * bsize;
  if (free < bytes) {
    throw new Failure('There is not enough space on the disk.', {
      why: `${(free / GIB).toFixed(1)} GiB are free at ${ROOT}; ${(
        bytes / GIB
      ).toFixed(1)} GiB are needed.`,
      fix: 'Free some space and start again.',
      runbook: 'install-failed',
    });
  }
}

/** Changes with whatever decides what is installed. */
async function fingerprint({ node }) {
  const files = ['yarn.lock', 'package.json', '.yarnrc.yml'];
  for (const folder of ['packages', 'plugins']) {
    for (const entry of await readdir(path.join(ROOT, folder))) {
      files.push(path.join(folder, entry, 'package.json'));
    }
  }
  for (const folder of ['e2e', 'bench']) {
    files.push(path.join(folder, 'package.json'));
  }
  const hash = createHash('sha256').update(node);
  for (const file of files.sort()) {
    const full = path.join(ROOT, file);
    if (!existsSync(full)) continue;
    hash.update(file).update(await readFile(full));
  }
  return hash.digest('hex');
}
