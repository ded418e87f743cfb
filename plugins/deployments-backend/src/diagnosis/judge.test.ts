import { Deployment } from '@highroad/plugin-deployments-common';
import {
  ContainerFacts,
  EventFacts,
  Look,
  PodFacts,
} from '../drivers/cluster/Look';
import { Facts } from './Finding';
import { judge } from './judge';

const now = new Date('2026-11-25T12:00:00Z');
const before = (seconds: number) => new Date(now.getTime() - seconds * 1000);

function deployment(rest: Partial<Deployment> = {}): Deployment {
  return {
    id: '01a211d2-c76e-76b8-9c50-000000000001',
    kind: 'deploy',
    service: 'component:default/cart',
    environment: 'staging',
    version: '1.4.2',
    image: 'registry.example/cart',
    state: 'succeeded',
    summary: '1.4.2 runs in staging',
    requestedBy: 'user:default/anna',
    door: 'cli',
    correlation: 'test-0001',
    requestedAt: before(900).toISOString(),
    revision: 1,
    ...rest,
  };
}
const container = (rest: Partial<ContainerFacts> = {}): ContainerFacts => ({
  name: 'cart',
  ready: false,
  running: false,
  restarts: 0,
  ...rest,
});
const pod = (one: ContainerFacts, rest: Partial<PodFacts> = {}): PodFacts => ({
  name: 'cart-1',
  phase: 'Pending',
  createdAt: before(300),
  digests: [],
  ready: one.ready,
  containers: [one],
  ...rest,
});
const event = (rest: Partial<EventFacts>): EventFacts => ({
  at: before(5),
  kind: 'Pod',
  name: 'cart-1',
  reason: 'Unhealthy',
  message: '',
  warning: true,
  count: 3,
  ...rest,
});
const workload = (rest: Partial<Look['workloads'][number]> = {}) => ({
  kind: 'Deployment',
  name: 'cart',
  wanted: 1,
  ready: 1,
  paused: false,
  ...rest,
});
const look = (rest: Partial<Look> = {}): Look => ({
  found: true,
  pods: [pod(container({ ready: true, running: true }))],
  workloads: [workload()],
  events: [],
  ...rest,
});
const facts = (
  seen: Partial<Look> | { unknown: string } = {},
  rest: Partial<Facts> = {},
): Facts => ({
  service: 'component:default/cart',
  environment: 'staging',
  now,
  look: 'unknown' in seen ? seen : look(seen),
  running: deployment(),
  alerts: [],
  ...rest,
});
const failing = (one: Partial<ContainerFacts>, events: EventFacts[] = []) =>
  facts({
    pods: [pod(container(one))],
    workloads: [workload({ ready: 0 })],
    events,
  });

describe('the verdict on a service', () => {
  it.each<[string, Facts, string, string, RegExp]>([
    [
      'an image that cannot be pulled',
      failing({
        waiting: { reason: 'ImagePullBackOff', message: 'manifest unknown' },
      }),
      'failing',
      'image-pull',
      /^The image of cart cannot be pulled \(ImagePullBackOff\): manifest unknown\.$/,
    ],
    [
      'a crash, with its exit code',
      failing({
        waiting: { reason: 'CrashLoopBackOff' },
        ended: { reason: 'Error', exitCode: 2 },
        restarts: 5,
      }),
      'failing',
      'crash-loop',
      /^cart crashes again and again \(Error, exit code 2\), 5 restarts\.$/,
    ],
    [
      'a crash that the liveness probe brings about',
      failing({ waiting: { reason: 'CrashLoopBackOff' }, restarts: 5 }, [
        event({ message: 'Liveness probe failed: HTTP 500' }),
      ]),
      'failing',
      'crash-loop',
      /because its liveness probe fails: HTTP 500\.$/,
    ],
    [
      'too little memory, with the limit',
      failing({
        waiting: { reason: 'CrashLoopBackOff' },
        ended: { reason: 'OOMKilled', exitCode: 137 },
        restarts: 1,
        memoryLimit: '64Mi',
      }),
      'failing',
      'out-of-memory',
      /more memory than it may \(64Mi\): OOMKilled, 1 restart\.$/,
    ],
    [
      'too little memory a while ago',
      facts({
        pods: [
          pod(
            container({
              ready: true,
              running: true,
              restarts: 1,
              ended: { reason: 'OOMKilled', at: before(600) },
            }),
          ),
        ],
      }),
      'attention',
      'out-of-memory',
      /It runs again\.$/,
    ],
    [
      'a readiness probe that fails, with what it said',
      failing({ running: true }, [
        event({
          message: 'Readiness probe failed: HTTP probe failed with 503',
        }),
      ]),
      'failing',
      'not-ready',
      /its readiness probe fails: HTTP probe failed with 503\.$/,
    ],
    [
      'a Secret that is missing',
      failing({
        waiting: {
          reason: 'CreateContainerConfigError',
          message: 'secret "cart-db" not found',
        },
      }),
      'failing',
      'missing-config',
      /the Secret cart-db is missing\.$/,
    ],
    [
      'a key that is missing in a ConfigMap',
      failing({
        waiting: {
          reason: 'CreateContainerConfigError',
          message: "couldn't find key PORT in ConfigMap cart-staging/settings",
        },
      }),
      'failing',
      'missing-config',
      /the key PORT is missing in the ConfigMap settings\.$/,
    ],
    [
      'a ConfigMap that is missing as a volume',
      failing({ waiting: { reason: 'ContainerCreating' } }, [
        event({
          reason: 'FailedMount',
          message:
            'MountVolume.SetUp failed for volume "c" : configmap "settings" not found',
        }),
      ]),
      'failing',
      'missing-config',
      /the ConfigMap settings is missing\.$/,
    ],
    [
      'a command that is not in the image',
      failing({
        waiting: { reason: 'CrashLoopBackOff' },
        ended: { reason: 'StartError', message: 'exec: "serve": not found' },
        restarts: 3,
      }),
      'failing',
      'cannot-start',
      /cannot be started \(StartError\): exec: "serve": not found\.$/,
    ],
    [
      'pods that no node takes',
      facts({
        pods: [
          pod(container(), {
            containers: [],
            unschedulable: '0/3 nodes are available: 3 Insufficient cpu.',
          }),
        ],
        workloads: [workload({ ready: 0 })],
      }),
      'failing',
      'no-node',
      /^No node takes cart-1: 0\/3 nodes are available: 3 Insufficient cpu\.$/,
    ],
    [
      'a quota that is used up',
      facts({
        pods: [],
        workloads: [
          workload({
            ready: 0,
            refused: 'pods "cart-2" is forbidden: exceeded quota: highroad',
          }),
        ],
      }),
      'failing',
      'quota',
      /^The quota of the namespace is used up/,
    ],
    [
      'pods that Pod Security refuses',
      facts({
        pods: [],
        workloads: [workload({ ready: 0 })],
        events: [
          event({
            kind: 'ReplicaSet',
            reason: 'FailedCreate',
            message: 'violates PodSecurity "restricted:latest"',
          }),
        ],
      }),
      'failing',
      'pods-refused',
      /^The cluster does not let the pods be made: violates PodSecurity/,
    ],
    [
      'a rollout that somebody paused',
      facts({ workloads: [workload({ paused: true })] }),
      'attention',
      'paused',
      /^Deployment cart is paused, and no deployment is under way/,
    ],
    [
      'a canary that waits for a person',
      facts(
        { workloads: [workload({ kind: 'Rollout', paused: true })] },
        {
          latest: deployment({
            state: 'shifting',
            version: '1.5.0',
            summary: '25 % of the requests',
          }),
        },
      ),
      'changing',
      'paused',
      /^The rollout of 1\.5\.0 is paused: 25 % of the requests\.$/,
    ],
    [
      'a deployment that is under way',
      facts(
        {},
        {
          latest: deployment({
            state: 'waiting-for-approval',
            version: '1.5.0',
            summary: 'It waits for a second person',
          }),
        },
      ),
      'changing',
      'in-progress',
      /^1\.5\.0 is being deployed \(waiting for approval\)/,
    ],
    [
      'a workload that somebody removed',
      facts({ pods: [], workloads: [] }),
      'failing',
      'workload-gone',
      /is not there any more/,
    ],
    [
      'a workload that was scaled to nothing',
      facts({ pods: [], workloads: [workload({ wanted: 0, ready: 0 })] }),
      'attention',
      'no-pods-wanted',
      /replicas of cart is 0/,
    ],
    [
      'pods that are missing without a reason that is known',
      facts({ pods: [], workloads: [workload({ ready: 0 })] }),
      'failing',
      'none',
      /^0 of 1 pods of cart are ready, and none of the usual reasons/,
    ],
    [
      'an alert while all pods are ready',
      facts(
        {},
        {
          alerts: [
            { name: 'HighErrorRate', summary: '7 % fail', since: 'now' },
            { name: 'Slow', since: 'now' },
          ],
        },
      ),
      'attention',
      'alerts',
      /^Its pods are ready, but HighErrorRate fires: 7 % fail, and 1 more\.$/,
    ],
    [
      'a deployment that failed while the version before runs',
      facts(
        {},
        {
          latest: deployment({
            state: 'failed',
            version: '1.5.0',
            summary: 'The image has no tag 1.5.0.',
          }),
        },
      ),
      'attention',
      'deployment-failed',
      /^1\.5\.0 could not be deployed to staging: The image has no tag 1\.5\.0\. 1\.4\.2 runs there, 1 of 1 pods are ready\.$/,
    ],
    [
      'what somebody changed by hand',
      facts(
        {},
        {
          drift: {
            state: 'differs',
            summary: 'Deployment cart was changed (spec.replicas is 5, not 2)',
            at: 'now',
            changes: [],
          },
        },
      ),
      'attention',
      'drift',
      /^Somebody changed it by hand since 1\.4\.2 was deployed: Deployment cart was changed \(spec\.replicas is 5, not 2\)\.$/,
    ],
    [
      'a version that was put back',
      facts(
        {},
        {
          running: deployment({
            kind: 'rollback',
            undoes: '01a211d2-c76e-76b8-9c50-000000000002',
            reason: 'orders fail',
          }),
        },
      ),
      'attention',
      'put-back',
      /^1\.4\.2 was put back .*\(orders fail\), and runs: 1 of 1 pods are ready\.$/,
    ],
    [
      'what was never deployed',
      facts({ found: false, pods: [], workloads: [] }, { running: undefined }),
      'absent',
      'nothing-deployed',
      /^cart was never deployed to staging\.$/,
    ],
    [
      'a cluster that does not answer',
      facts({ unknown: 'The cluster does not answer: ECONNREFUSED' }),
      'unknown',
      'not-known',
      /^It is not known how cart is doing in staging\. The cluster does not answer/,
    ],
    [
      'what runs well',
      facts(),
      'healthy',
      'none',
      /^1\.4\.2 runs in staging: 1 of 1 pods are ready\.$/,
    ],
  ])('knows %s', (_, given, health, cause, summary) => {
    const verdict = judge(given);
    expect(verdict).toMatchObject({ health, cause });
    expect(verdict.summary).toMatch(summary);
  });

  it('says what is wrong now before what went wrong', () => {
    const given = failing({ waiting: { reason: 'ErrImagePull' } });
    const verdict = judge({
      ...given,
      alerts: [{ name: 'Slow', since: 'now' }],
      latest: deployment({ state: 'failed' }),
    });
    expect(verdict).toMatchObject({
      cause: 'image-pull',
      about: { pod: 'cart-1', container: 'cart' },
    });
    expect(verdict.fix).toContain('platform rollback cart --env staging');
  });

  it('does not call a pod that just started unready', () => {
    const young = pod(container({ running: true }), { createdAt: before(5) });
    const verdict = judge(
      facts(
        { pods: [young], workloads: [workload({ ready: 0 })] },
        { latest: deployment({ state: 'shifting', version: '1.5.0' }) },
      ),
    );
    expect(verdict.cause).toBe('in-progress');
  });
});
