import { Destination } from '@highroad/plugin-deployments-node';
import { ClusterAccess } from '@highroad/plugin-platform-node/kubernetes';
import { TestCluster, TestSandbox } from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { DirectEngine } from '../DirectEngine';

/** An engine on a cluster, and for each test a namespace to deploy to. */
export interface EngineWorld {
  engine: DirectEngine;
  destination: Destination;
  kubectl: TestCluster['kubectl'];
}

/**
 * Makes one for the tests of a `describe`, and takes its namespaces away after them.
 *
 * @param beginning - of the namespaces' names
 * @returns what is filled in when a test begins
 */
export function engineWorld(
  sandbox: TestSandbox,
  beginning: string,
): EngineWorld {
  const namespaces: string[] = [];
  let cluster: TestCluster;
  let engine: DirectEngine;
  let destination: Destination;

  beforeAll(async () => {
    cluster = await sandbox.cluster();
    engine = new DirectEngine({
      access: new ClusterAccess([
        { name: 'test', kubeconfig: cluster.kubeconfig },
      ]),
    });
  });
  beforeEach(async () => {
    const namespace = `${beginning}-${randomBytes(4).toString('hex')}`;
    namespaces.push(namespace);
    destination = {
      ...{ cluster: 'test', namespace, environment: 'test' },
      service: 'component:default/cart',
    };
    await engine.prepare(destination);
  });
  afterAll(async () => {
    await cluster.kubectl([
      ...['delete', 'namespace', ...namespaces],
      ...['--wait=false', '--ignore-not-found'],
    ]);
  });

  return {
    get engine() {
      return engine;
    },
    get destination() {
      return destination;
    },
    get kubectl() {
      return cluster.kubectl;
    },
  };
}

/** What every pod of these tests is, as a namespace of the platform asks for. */
export function podSpec(
  name: string,
  image: string,
  requests = { cpu: '10m', memory: '16Mi' },
) {
  return {
    automountServiceAccountToken: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        ...{ name, image },
        resources: {
          requests,
          limits: { memory: '32Mi' },
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        },
      },
    ],
  };
}
