/**
 * A version that answers every request with an error is brought to a real node as a canary, while a client asks the
 * service all the time: how soon it is taken back, how much of the traffic it had, and what the client saw.
 *
 * Takes the portal and the sandbox that `npm start -- --real-node` runs. Makes a service of its own, and removes what runs
 * of it.
 */
import { deploymentOperations } from '@highroad/plugin-deployments-common';
import { createOperationClient } from '@highroad/plugin-platform-common';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { report } from './support/report';
import { startedPortal } from './support/startedPortal';
import { keepAsking, successes } from './support/traffic';

const ENVIRONMENT = process.env.BENCH_ENVIRONMENT ?? 'staging';
const REQUESTS_PER_SECOND = Number(process.env.BENCH_RATE ?? 20);
const BEFORE_MS = 30_000;
const AFTER_MS = 30_000;
const HANDLER = 'internal/items/handler.go';
const WORKLOAD = 'deploy/base/workload.yaml';
/** What only the bad version answers */
const BROKEN = 'broken by the bench';

async function main() {
  const portal = await startedPortal();
  const { connection, sandbox } = portal;
  const client = createOperationClient(deploymentOperations, portal.fetchApi);
  const name = `bench-canary-${Date.now().toString(36)}`;
  const service = `component:default/${name}`;
  const { kubectl } = await sandbox.cluster();

  const good = await portal.create(
    ...[name, '--database', 'none', '--delivery', 'canary'],
  );
  const bad = await badVersion();
  const first = await deploy(good);
  if (first.state !== 'succeeded') throw new Error(first.summary);

  const traffic = keepAsking(connection.ingress, {
    ...{ host: `${name}.${ENVIRONMENT}`, path: '/v1/items' },
    perSecond: REQUESTS_PER_SECOND,
  });
  const { since } = traffic;
  await sleep(BEFORE_MS);
  const from = since();
  let weight = 0;
  let shifting: number | undefined;
  const failed = await deploy(bad, deployment => {
    const now = deployment.progress?.weight ?? 0;
    if (now > 0) shifting ??= since();
    weight = Math.max(weight, now);
  });
  const to = since();
  if (failed.state !== 'failed') {
    throw new Error(`The bad version was not taken back: ${failed.summary}`);
  }
  await sleep(AFTER_MS);
  const asked = await traffic.stop();
  // What was sent while the last pods of the bad version end belongs to the shifting.
  const lastError = Math.max(
    ...asked.filter(one => !one.ok).map(one => one.at),
  );
  const end = Math.max(to, lastError);
  const during = asked.filter(one => one.at >= from && one.at <= end);
  const byBad = during.filter(({ body }) => body.includes(BROKEN));

  report('canary', [
    successes(
      'requests that succeed, before',
      asked.filter(one => one.at < from),
    ),
    successes(
      'requests that succeed, while the bad version has traffic',
      during,
    ),
    successes(
      'of these, requests that the version before answers, or nobody',
      during.filter(one => !byBad.includes(one)),
      '100',
    ),
    {
      name: 'of these, share that the bad version answers',
      value: (100 * byBad.length) / during.length,
      ...{ unit: '%', n: during.length },
    },
    successes(
      'requests that succeed, after',
      asked.filter(one => one.at > end),
    ),
    seconds(
      'from the first traffic to being taken back',
      to - (shifting ?? from),
    ),
    seconds('from the request to being taken back', to - from),
    seconds('until the last failed request', lastError - from),
    {
      name: 'most traffic that the bad version had',
      ...{ value: weight, unit: '%', n: 1 },
    },
  ]);
  process.stdout.write(`${failed.summary}\n`);
  await kubectl([
    ...['delete', 'namespace', `${name}-${ENVIRONMENT}`, '--wait=false'],
  ]);

  async function deploy(
    version: string,
    watch: (deployment: Deployment) => void = () => {},
  ): Promise<Deployment> {
    const started = await client.deploy({
      ...{ service, environment: ENVIRONMENT, version },
    });
    let deployment: Deployment = started.deployment;
    while (!['succeeded', 'failed'].includes(deployment.state)) {
      ({ deployment } = await client.get({
        ...{ id: deployment.id, after: deployment.revision },
      }));
      watch(deployment);
    }
    return deployment;
  }

  /** Passes its tests, and fails where it is told to by its manifests. */
  async function badVersion(): Promise<string> {
    await portal.commit(name, HANDLER, text =>
      text
        .replace(
          /(func \(h \*Handler\) list\(.*\{\n)/,
          `$1\tif os.Getenv("BREAK") != "" {\n\t\thttpserver.WriteProblem(w, r, http.StatusInternalServerError, "${BROKEN}")\n\t\treturn\n\t}\n`,
        )
        .replace('\t"net/http"\n', '\t"net/http"\n\t"os"\n'),
    );
    const version = await portal.commit(name, WORKLOAD, text =>
      text.replace(
        /(\n +)- name: PORT\n/,
        `$1- name: BREAK$1  value: 'yes'$1- name: PORT\n`,
      ),
    );
    await portal.builtAt(name, version);
    return version;
  }
}

type Deployment = z.output<
  typeof deploymentOperations.deploy.output
>['deployment'];

function seconds(name: string, ms: number) {
  return { name, value: ms / 1000, unit: 's', n: 1 };
}

main().then(
  () => process.exit(0),
  error => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
