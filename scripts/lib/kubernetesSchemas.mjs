import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { CACHE } from './paths.mjs';
import { lastLine, run } from './run.mjs';

/** A package that carries the JSON schemas of Kubernetes' own kinds, for several versions of Kubernetes. */
const CORE = 'kubernetes-validate==1.37.0';
/** The oldest and the newest Kubernetes that services are meant for. */
const KUBERNETES = ['1.31.0', '1.37.0'];

/** Where the definitions of the other kinds are, in the Go modules of those who define them. */
const DEFINITIONS = [
  ['github.com/argoproj/argo-rollouts@v1.9.0', 'manifests/crds'],
  [
    'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    'example/prometheus-operator-crd',
  ],
];

const HOME = path.join(
  CACHE,
  'tools',
  'kubernetes-schemas-1.31-1.37-rollouts-1.9.0-operator-0.85.0',
);

/**
 * Fetches what manifests are checked against: `core/<version>/*.json` and `definitions/*.yaml`.
 *
 * @returns the folder, or why it could not be made
 */
export async function kubernetesSchemas({ hasPython, hasGo }, say) {
  if (existsSync(HOME)) return { path: HOME };
  if (!hasPython || !hasGo)
    return {
      missing: 'fetching the schemas of Kubernetes needs Python and Go',
    };
  say('Getting the schemas of Kubernetes');
  await mkdir(path.dirname(HOME), { recursive: true });
  const building = await mkdtemp(`${HOME}.building-`);
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'highroad-schemas-'));
  try {
    const problem =
      (await getCore(scratch, path.join(building, 'core'))) ??
      (await getDefinitions(scratch, path.join(building, 'definitions')));
    if (problem) return { missing: problem };
    await rename(building, HOME).catch(error => {
      // Another run was faster; both made the same.
      if (!existsSync(HOME)) throw error;
    });
    return { path: HOME };
  } finally {
    await rm(building, { recursive: true, force: true });
    await rm(scratch, { recursive: true, force: true });
  }
}

async function getCore(scratch, target) {
  const python = path.join(scratch, 'python/bin/python');
  const steps = [
    ['python3', ['-m', 'venv', path.join(scratch, 'python')]],
    [
      python,
      [
        ...['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check'],
        ...['--no-deps', '--dest', path.join(scratch, 'wheel'), CORE],
      ],
    ],
  ];
  for (const [command, args] of steps) {
    const result = await run(command, args);
    if (result.code !== 0) return `${CORE}: ${lastLine(result.output)}`;
  }
  const [wheel] = await readdir(path.join(scratch, 'wheel'));
  const unpacked = path.join(scratch, 'unpacked');
  const result = await run(python, [
    ...['-m', 'zipfile', '-e'],
    path.join(scratch, 'wheel', wheel),
    unpacked,
  ]);
  if (result.code !== 0) return `${wheel}: ${lastLine(result.output)}`;
  for (const version of KUBERNETES) {
    await cp(
      path.join(
        unpacked,
        'kubernetes_validate/kubernetes-json-schema',
        `v${version}-local-strict`,
      ),
      path.join(target, version),
      { recursive: true },
    );
  }
  return undefined;
}

async function getDefinitions(scratch, target) {
  await mkdir(target, { recursive: true });
  for (const [module, folder] of DEFINITIONS) {
    const { code, output } = await run(
      'go',
      ['mod', 'download', '-json', module],
      { cwd: scratch },
    );
    if (code !== 0) return `${module}: ${lastLine(output)}`;
    const { Dir } = JSON.parse(output.slice(output.indexOf('{')));
    for (const file of await readdir(path.join(Dir, folder))) {
      await cp(path.join(Dir, folder, file), path.join(target, file));
    }
  }
  return undefined;
}
