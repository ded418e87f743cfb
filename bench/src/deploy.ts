/**
 * How long it takes from asking the API for a deployment to its success, against `kubectl set image` and `kubectl rollout
 * status` of the same two images; and how fast a version without an image is refused.
 *
 * Takes the portal and the sandbox that `npm start` runs. Makes a service of its own and leaves it there.
 */
import { deploymentOperations } from '@highroad/plugin-deployments-common';
import { createOperationClient } from '@highroad/plugin-platform-common';
import { performance } from 'node:perf_hooks';
import { report } from './support/report';
import { startedPortal } from './support/startedPortal';
import { quantile } from './support/statistics';

const PAIRS = Number(process.env.BENCH_PAIRS ?? 30);
const REFUSALS = 30;
/**
 * One without rollback conditions: where there are some, as in the sandbox's staging, a version is watched after it is
 * ready, which `kubectl rollout status` does not do.
 */
const ENVIRONMENT = process.env.BENCH_ENVIRONMENT ?? 'production';

async function main() {
  const portal = await startedPortal();
  const { connection, sandbox } = portal;
  const client = createOperationClient(deploymentOperations, portal.fetchApi);
  const name = `bench-${Date.now().toString(36)}`;
  const service = `component:default/${name}`;
  const slug = portal.slugOf(name);
  const versions = await twoVersions();
  const { kubectl } = await sandbox.cluster();
  const asked = { service, environment: ENVIRONMENT };

  const deploy = async (version: string, environment = ENVIRONMENT) => {
    const began = performance.now();
    let { deployment } = await client.deploy({
      ...{ service, environment, version },
    });
    while (!['succeeded', 'failed'].includes(deployment.state)) {
      ({ deployment } = await client.get({
        ...{ id: deployment.id, after: deployment.revision },
      }));
    }
    if (deployment.state !== 'succeeded') throw new Error(deployment.summary);
    return { ms: performance.now() - began, ...deployment };
  };
  const images = new Map<string, string>();
  let last = '';
  for (const version of versions) {
    const { id, digest } = await deploy(version);
    images.set(version, `${connection.registry.host}/${slug}@${digest}`);
    last = id;
  }
  // The same objects, in a namespace like ours.
  const namespace = `${name}-kubectl`;
  await kubectl(['create', 'namespace', namespace]);
  await kubectl([
    ...['label', 'namespace', namespace],
    'pod-security.kubernetes.io/enforce=restricted',
  ]);
  const { text } = await client.manifests({ id: last });
  await kubectl(
    [`--namespace=${namespace}`, 'apply', '-f', '-'],
    text.replace(/^ +namespace: .*\n/gm, ''),
  );
  await kubectl([
    ...[`--namespace=${namespace}`, 'rollout', 'status', `deployment/${name}`],
  ]);
  const withKubectl = async (version: string) => {
    const began = performance.now();
    const there = `--namespace=${namespace}`;
    const image = `${name}=${images.get(version)}`;
    await kubectl([there, 'set', 'image', `deployment/${name}`, image]);
    await kubectl([there, 'rollout', 'status', `deployment/${name}`]);
    return performance.now() - began;
  };

  const [ours, theirs]: number[][] = [[], []];
  for (let pair = 0; pair < PAIRS; pair++) {
    const version = versions[pair % 2];
    // Who goes first changes, so that neither always has the warmer machine.
    for (const first of pair % 4 < 2 ? [true, false] : [false, true]) {
      if (first) ours.push((await deploy(version)).ms);
      else theirs.push(await withKubectl(version));
    }
  }
  const refused: number[] = [];
  for (let n = 0; n < REFUSALS; n++) {
    const began = performance.now();
    let { deployment } = await client.deploy({ ...asked, version: `no-${n}` });
    while (deployment.state !== 'failed') {
      ({ deployment } = await client.get({
        ...{ id: deployment.id, after: deployment.revision },
      }));
    }
    refused.push(performance.now() - began);
  }

  const ratio = ours.map((ms, at) => ms / theirs[at]);
  report('deploy', [
    figure(
      'deploy by the API to "succeeded", p50',
      quantile(ours, 0.5) / 1000,
      's',
      PAIRS,
    ),
    figure(
      'kubectl set image + rollout status, p50',
      quantile(theirs, 0.5) / 1000,
      's',
      PAIRS,
    ),
    figure(
      'ratio of the medians',
      quantile(ours, 0.5) / quantile(theirs, 0.5),
      '',
      PAIRS,
      '≤ 1.3',
    ),
    figure('ratio of pairs, p50', quantile(ratio, 0.5), '', PAIRS, '≤ 1.3'),
    figure('ratio of pairs, p90', quantile(ratio, 0.9), '', PAIRS),
    figure(
      'missing image refused, p50',
      quantile(refused, 0.5),
      'ms',
      REFUSALS,
    ),
    figure(
      'missing image refused, p95',
      quantile(refused, 0.95),
      'ms',
      REFUSALS,
      '≤ 500',
    ),
  ]);
  await kubectl([
    'delete',
    'namespace',
    namespace,
    `${name}-${ENVIRONMENT}`,
    '--wait=false',
  ]);

  /** Two commits, with an image each. */
  async function twoVersions(): Promise<string[]> {
    const first = await portal.create(name, '--database', 'none');
    const second = await portal.commit(
      name,
      'README.md',
      readme => `${readme}\nAgain.\n`,
    );
    await portal.builtAt(name, second);
    return [first, second];
  }
}

function figure(
  name: string,
  value: number,
  unit: string,
  n: number,
  goal?: string,
) {
  return { name, value, unit, goal, n };
}

main().then(
  () => process.exit(0),
  error => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
