/**
 * How long a service under blue-green gives the new version after somebody asked for the one before: a rollback by the
 * API against a raw patch of the Rollout in a namespace of its own, with the same manifests.
 *
 * Takes the portal and the sandbox that `npm start` runs. Makes a service of its own, and removes what runs of it.
 */
import { deploymentOperations } from '@highroad/plugin-deployments-common';
import { createOperationClient } from '@highroad/plugin-platform-common';
import { performance } from 'node:perf_hooks';
import { parseAllDocuments } from 'yaml';
import { report } from './support/report';
import { watchSelector } from './support/selectorWatch';
import { startedPortal } from './support/startedPortal';
import { quantile } from './support/statistics';

const PAIRS = Number(process.env.BENCH_PAIRS ?? 30);
const ENVIRONMENT = process.env.BENCH_ENVIRONMENT ?? 'staging';

const BLUE_GREEN = (name: string) => `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: ${name}
spec:
  strategy:
    blueGreen:
      activeService: ${name}
      # The pods before stay until it is sure that nobody wants them back.
      scaleDownDelaySeconds: 3600
`;

async function main() {
  const portal = await startedPortal();
  const { sandbox } = portal;
  const client = createOperationClient(deploymentOperations, portal.fetchApi);
  const name = `bench-bg-${Date.now().toString(36)}`;
  const service = `component:default/${name}`;
  const asked = { service, environment: ENVIRONMENT };
  const { kubectl } = await sandbox.cluster();
  const [first, second] = await twoVersions();

  const settled = async (id: string) => {
    let { deployment } = await client.get({ id });
    while (!['succeeded', 'failed'].includes(deployment.state)) {
      ({ deployment } = await client.get({ id, after: deployment.revision }));
    }
    if (deployment.state !== 'succeeded') throw new Error(deployment.summary);
  };
  const deploy = async (version: string) => {
    const { deployment } = await client.deploy({ ...asked, version });
    await settled(deployment.id);
    return (await client.manifests({ id: deployment.id })).text;
  };
  const texts = [await deploy(first), await deploy(second)];
  const namespace = `${name}-${ENVIRONMENT}`;
  const ours = await watchSelector(sandbox, { namespace, name });

  const there = `${name}-raw`;
  await kubectl(['create', 'namespace', there]);
  const healthy = () =>
    kubectl([
      ...['wait', `rollout/${name}`, `--namespace=${there}`],
      ...['--for=jsonpath={.status.phase}=Healthy', '--timeout=120s'],
    ]);
  for (const text of texts) {
    const apply = [`--namespace=${there}`, 'apply', '-f', '-'];
    await kubectl(apply, text.replace(/^ +namespace: .*\n/gm, ''));
    await healthy();
  }
  const theirs = await watchSelector(sandbox, { namespace: there, name });
  const patch = async (text: string) => {
    const value = templateIn(text);
    const changed = theirs.change();
    const began = performance.now();
    await kubectl([
      ...[`--namespace=${there}`, 'patch', 'rollout', name, '--type=json'],
      '--patch',
      JSON.stringify([{ op: 'replace', path: '/spec/template', value }]),
    ]);
    const took = (await changed) - began;
    await healthy();
    return took;
  };

  const [platform, raw]: number[][] = [[], []];
  for (let pair = 0; pair < PAIRS; pair++) {
    for (const byApi of pair % 2 ? [true, false] : [false, true]) {
      if (byApi) {
        const changed = ours.change();
        const began = performance.now();
        const { deployment } = await client.rollback(asked);
        platform.push((await changed) - began);
        await settled(deployment.id);
        await deploy(second);
      } else {
        raw.push(await patch(texts[0]));
        await patch(texts[1]);
      }
    }
  }
  ours.stop();
  theirs.stop();
  const over = platform.map((ms, at) => ms - raw[at]);
  report('rollback', [
    figure('blue-green rollback by the API, p50', quantile(platform, 0.5)),
    figure('raw patch of the Rollout, p50', quantile(raw, 0.5)),
    {
      ...figure('longer than the patch, p50', quantile(over, 0.5)),
      goal: '≤ 1',
    },
    {
      ...figure('longer than the patch, p95', quantile(over, 0.95)),
      goal: '≤ 1',
    },
  ]);
  await kubectl(['delete', 'namespace', there, namespace, '--wait=false']);

  /** Two commits, with an image each, of a service that switches from one to the other at once. */
  async function twoVersions(): Promise<string[]> {
    await portal.create(
      ...[name, '--database', 'none'],
      '--delivery',
      'canary',
    );
    await portal.commit(name, 'deploy/base/strategy.yaml', () =>
      BLUE_GREEN(name),
    );
    const one = await portal.commit(
      name,
      'deploy/overlays/staging/strategy.yaml',
      () => BLUE_GREEN(name),
    );
    await portal.builtAt(name, one);
    const two = await portal.commit(
      name,
      'README.md',
      readme => `${readme}\nAgain.\n`,
    );
    await portal.builtAt(name, two);
    return [one, two];
  }
}

/** Of the Rollout among manifests, what its pods are. */
function templateIn(text: string): unknown {
  const found = parseAllDocuments(text)
    .map(document => document.toJS())
    .find(object => object?.kind === 'Rollout');
  return found?.spec.template;
}

function figure(name: string, ms: number) {
  return { name, value: ms / 1000, unit: 's', n: PAIRS };
}

main().then(
  () => process.exit(0),
  error => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
