import { LocalRepositories } from '@highroad/plugin-local-repositories-node';
import {
  describeWithSandbox,
  pushImage,
  TestCluster,
} from '@highroad/sandbox/testing';
import createKnex from 'knex';
import { ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import fs from 'fs-extra';
import { serviceFiles } from './drivers/manifests/__testUtils__/service';
import { SlackServer, TOKEN } from './drivers/slack/__testUtils__/SlackServer';
import { Orders } from './__testUtils__/mortalPortal';
import { Moment } from './__testUtils__/outsideCalls';

/**
 * At every so many calls it is killed; `HIGHROAD_KILL_EVERY=1` for all of them. Where it begins is drawn by chance, so
 * that over time all are met.
 */
const EVERY = Number(process.env.HIGHROAD_KILL_EVERY ?? 20);
const MOMENTS: Moment[] = ['before', 'after'];
const PAST = '2020-01-01T00:00:00.000Z';
const ENDED = ['succeeded', 'failed', 'cancelled', 'superseded'];

jest.setTimeout(60 * 60_000);

/** A repository with a commit for each of these workloads. */
async function commitBoth(
  repositories: string,
  workloads: { good: string; bad: string },
): Promise<{ good: string; bad: string }> {
  const work = await mkdtemp(join(tmpdir(), 'highroad-commits-'));
  const write = async (workload: string) => {
    const files = serviceFiles({ 'deploy/base/workload.yaml': workload });
    for (const [path, content] of Object.entries(files)) {
      await fs.outputFile(join(work, path), content);
    }
  };
  const id = { owner: 'acme', name: 'cart' };
  const author = { name: 'a', email: 'a@example.com' };
  const local = new LocalRepositories(repositories);
  await write(workloads.good);
  const { commit } = await local.publish({
    ...{ id, folder: work, branch: 'main', message: 'good', author },
  });
  await write(workloads.bad);
  const git = async (...args: string[]) =>
    (await promisify(execFile)('git', args, { cwd: work })).stdout.trim();
  const as = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  await git('init', '--quiet');
  await git('fetch', '--quiet', local.directory(id), 'main');
  await git('reset', '--quiet', '--soft', 'FETCH_HEAD');
  await git('add', '.');
  await git(...as, 'commit', '--quiet', '--message', 'bad');
  await git('push', '--quiet', local.directory(id), 'HEAD:main');
  const bad = await git('rev-parse', 'HEAD');
  await rm(work, { recursive: true });
  return { good: commit, bad };
}

type Settings = { app: object; backend: object; platform: object };
type Step = 'good' | 'bad';

interface Deployed {
  id: string;
  kind: string;
  version: string;
  state: string;
  summary: string;
}

describeWithSandbox(
  'a backend that is killed at any call to the outside',
  ['cluster', 'registry'],
  sandbox => {
    const slack = new SlackServer();
    const children: ChildProcess[] = [];
    const namespaces: string[] = [];
    let cluster: TestCluster;
    let folder: string;
    let base: Settings;
    let entities: Orders['entities'];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'highroad-killed-'));
      cluster = await sandbox.cluster();
      const { address, prefix } = await sandbox.registry();
      const repositories = join(folder, 'repositories');
      const workload = (annotations: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  selector: {matchLabels: {app.kubernetes.io/name: cart}}
  template:
    metadata:
      labels: {app.kubernetes.io/name: cart}
      annotations: {${annotations}}
    spec:
      serviceAccountName: cart
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: cart
          image: ${prefix}/cart
          ports: [{name: http, containerPort: 8080}]
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: {drop: [ALL]}
            readOnlyRootFilesystem: true
          resources:
            requests: {cpu: 10m, memory: 16Mi}
            limits: {cpu: 100m, memory: 64Mi}
          readinessProbe: {httpGet: {path: /readyz, port: http}}
          livenessProbe: {httpGet: {path: /healthz, port: http}}
`;
      const versions = await commitBoth(repositories, {
        good: workload('a: b'),
        bad: workload('sandbox.platform.myorg.com/outcome: image-pull-error'),
      });
      const path = `${prefix.slice(prefix.indexOf('/') + 1)}/cart`;
      for (const [name, commit] of Object.entries(versions)) {
        await pushImage(address, path, {
          references: [name],
          labels: { 'org.opencontainers.image.revision': commit },
        });
      }
      entities = [
        {
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: {
            name: 'cart',
            annotations: {
              'platform.myorg.com/image': `${prefix}/cart`,
              'backstage.io/source-location':
                'url:http://localhost:3000/repositories/acme/cart/',
            },
          },
          spec: { type: 'service', lifecycle: 'production', owner: 'team' },
        },
      ];
      base = {
        app: { baseUrl: 'http://localhost:3000' },
        backend: {
          baseUrl: 'http://localhost:0',
          listen: { host: '127.0.0.1', port: 0 },
        },
        platform: {
          localRepositories: { directory: repositories },
          registries: [
            { host: address.replace(/^https?:\/\//, ''), insecure: true },
          ],
          clusters: [{ name: 'test', kubeconfig: cluster.kubeconfig }],
          slack: {
            token: TOKEN,
            channel: '#deployments',
            apiUrl: await slack.start(),
          },
        },
      };
    });

    afterAll(async () => {
      for (const child of children) child.kill('SIGKILL');
      await slack.stop();
      await cluster?.kubectl([
        ...['delete', 'namespace', ...namespaces],
        ...['--wait=false', '--ignore-not-found'],
      ]);
      await rm(folder, { recursive: true, force: true });
    });

    const withKubectl = () => ({
      ...process.env,
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    });

    /** A place that nothing was deployed to, with a database of its own. */
    const newPlace = async () => {
      const id = randomBytes(4).toString('hex');
      const home = join(folder, id);
      await fs.ensureDir(home);
      const environment = `e-${id}`;
      const namespace = `cart-${environment}`;
      namespaces.push(namespace);
      const records = join(home, 'records.jsonl');
      const config = {
        ...base,
        backend: {
          ...base.backend,
          database: {
            client: 'better-sqlite3',
            connection: { directory: home },
          },
        },
        platform: {
          ...base.platform,
          environments: [
            { name: environment, tier: 'staging', cluster: 'test' },
          ],
        },
      };
      const start = async (die?: Orders['die']) => {
        const child = spawn(
          process.execPath,
          [
            '--require',
            require.resolve('@backstage/cli-node/config/nodeTransform.cjs'),
            resolve(__dirname, '__testUtils__/mortalPortal.ts'),
          ],
          { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: withKubectl() },
        );
        children.push(child);
        let errors = '';
        child.stderr?.on('data', data => (errors += data));
        const dead = new Promise<void>(done =>
          child.once('exit', () => done()),
        );
        const calls: string[] = [];
        const port = await new Promise<number>((found, failed) => {
          createInterface({ input: child.stdout! }).on('line', line => {
            if (!line.startsWith('{')) return;
            const said = JSON.parse(line);
            if (said.port) found(said.port);
            if (said.call) calls.push(said.what);
          });
          dead.then(() => failed(new Error(`It did not start: ${errors}`)));
          child.send({ config, entities, records, die } satisfies Orders);
        });
        const ask = async (path: string, body?: object) => {
          const response = await fetch(
            `http://127.0.0.1:${port}/api/deployments/v1/${path}`,
            {
              method: body ? 'POST' : 'GET',
              headers: {
                authorization: 'Bearer mock-user-token',
                'content-type': 'application/json',
              },
              body: body && JSON.stringify(body),
            },
          );
          const answer = await response.json();
          if (!response.ok) throw new Error(JSON.stringify(answer));
          return answer;
        };
        const list = async (): Promise<Deployed[]> =>
          (await ask('deployments?limit=50')).items;
        return {
          calls,
          dead,
          ask,
          list,
          isDead: () => child.exitCode !== null || child.signalCode !== null,
          deploy: (version: Step): Promise<unknown> =>
            ask('deployments', {
              ...{ service: 'component:default/cart', environment, version },
            }),
          /** Until all have ended and Slack knows; or it is dead */
          settle: async () => {
            for (let tries = 0; tries < 600; tries++) {
              if (child.exitCode !== null || child.signalCode !== null) return;
              const all = await list().catch(() => undefined);
              if (all?.every(({ state }) => ENDED.includes(state))) return;
              await sleep(100);
            }
            throw new Error(`It does not settle: ${errors}`);
          },
          stop: async () => {
            child.kill('SIGTERM');
            await Promise.race([dead, sleep(5_000)]);
            child.kill('SIGKILL');
          },
        };
      };
      /** As if so much time had passed that whoever died holds nothing any more. */
      const waitForLeases = async () => {
        const knex = createKnex({
          client: 'better-sqlite3',
          connection: { filename: join(home, 'deployments.sqlite') },
          useNullAsDefault: true,
        });
        await knex('deployments')
          .whereNotNull('lease_until')
          .update({ lease_until: PAST });
        await knex('delivery_targets').update({ lease_until: PAST });
        await knex.destroy();
      };
      const seen = async () => {
        const workload = JSON.parse(
          await cluster.kubectl([
            ...[`--namespace=${namespace}`, 'get', 'deployment', 'cart'],
            ...['-o', 'json'],
          ]),
        );
        const sets = JSON.parse(
          await cluster.kubectl([
            ...[`--namespace=${namespace}`, 'get', 'replicasets', '-o', 'json'],
          ]),
        );
        return {
          generation: workload.metadata.generation,
          image: workload.spec.template.spec.containers[0].image,
          sets: sets.items.length,
        };
      };
      return { start, waitForLeases, seen, records, environment };
    };

    /** What Slack has of these deployments, once it has the last of each. */
    const slackOf = async (all: Deployed[]) => {
      for (let tries = 0; tries < 200; tries++) {
        const messages = slack.messages.filter(message =>
          all.some(({ id }) => message.metadata.event_payload.id === id),
        );
        const ended = messages.filter(
          ({ text }) => !/checking|queued|shifting|applying/i.test(text),
        );
        if (ended.length >= all.length) return messages;
        await sleep(100);
      }
      throw new Error(
        `Slack is not told: ${JSON.stringify(
          slack.messages.slice(-4).map(({ text }) => text),
        )}`,
      );
    };

    /** Kills one portal at a call, lets another go on, and looks at what came of it. */
    const kill = async (
      begin: Step,
      then: Step | undefined,
      die: NonNullable<Orders['die']>,
    ) => {
      const place = await newPlace();
      if (then) {
        const before = await place.start();
        await before.deploy(begin);
        await before.settle();
        await before.stop();
      }
      const doomed = await place.start(die);
      // It may die before it can answer.
      await doomed.deploy(then ?? begin).catch(() => undefined);
      await doomed.settle();
      const died = doomed.isDead();
      const done = doomed.calls.join('\n');
      await doomed.stop();
      await place.waitForLeases();
      const next = await place.start();
      await next.settle();
      const all = await next.list();
      const events: Array<{ type: string; subject: string }> = (
        await next.ask('events?after=0&limit=200')
      ).items;
      const told = await slackOf(all);
      await next.stop();
      const records = (await readFile(place.records, 'utf8'))
        .trim()
        .split('\n')
        .map(line => JSON.parse(line));
      if (/PATCH .*deployments\/cart/.test(done)) {
        expect(records).toContainEqual({ eventId: 'apply', phase: 'intent' });
      }
      return {
        died,
        all,
        events,
        told,
        cluster: await place.seen(),
        where: died ? doomed.calls.at(-1) : undefined,
      };
    };

    /** At every so many calls, two at a time; until one goes by at which nothing is left to die at. */
    const killEverywhere = async (
      steps: [Step, Step?],
      check: (outcome: Awaited<ReturnType<typeof kill>>) => void,
    ) => {
      let number = Math.floor(Math.random() * EVERY);
      let survived = false;
      const places: string[] = [];
      const one = async () => {
        while (!survived) {
          number += EVERY;
          const die = {
            at: Math.ceil(number / 2),
            moment: MOMENTS[number % 2],
          };
          const outcome = await kill(steps[0], steps[1], die);
          try {
            check(outcome);
          } catch (error) {
            throw new Error(
              `Killed ${die.moment} call ${die.at} (${outcome.where}): ${error}`,
            );
          }
          if (!outcome.died) survived = true;
          else places.push(`${die.moment} ${outcome.where}`);
        }
      };
      await Promise.all([one(), one()]);
      return places;
    };
    const finals = (events: Array<{ type: string; subject: string }>) =>
      events
        .filter(({ type }) => type.includes('.finished.'))
        .map(({ subject }) => subject);

    it('ends as it would have, with each effect once', async () => {
      const places = await killEverywhere(['good'], outcome => {
        const { all, events, told, cluster: found } = outcome;
        expect(all).toMatchObject([{ state: 'succeeded', version: 'good' }]);
        expect(finals(events)).toEqual([all[0].id]);
        expect(told).toHaveLength(1);
        expect(found).toMatchObject({ generation: 1, sets: 1 });
      });
      // What a deployment asks for before, while and after it is applied.
      expect(places.length).toBeGreaterThan(80 / EVERY - 2);
    });

    it('puts back what ran before, once, where the new version fails', async () => {
      const places = await killEverywhere(['good', 'bad'], outcome => {
        const { all, events, told, cluster: found } = outcome;
        expect(
          all.map(one => `${one.kind} ${one.version} ${one.state}`).sort(),
        ).toEqual([
          ...['deploy bad failed', 'deploy good succeeded'],
          'rollback good succeeded',
        ]);
        expect(finals(events).sort()).toEqual(all.map(({ id }) => id).sort());
        expect(told).toHaveLength(3);
        expect(found).toMatchObject({ generation: 3, sets: 2 });
      });
      expect(places.length).toBeGreaterThan(80 / EVERY - 2);
    });
  },
);
