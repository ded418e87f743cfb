import {
  EnvironmentServiceSpec,
  OWN_PORT,
  OWN_PORT_NAMES,
  SERVICE_LABEL,
} from '@highroad/plugin-environments-common';
import { KubernetesObject } from '@highroad/plugin-platform-node/kubernetes';
import { addressOf, Target } from '../Target';
import { withLimits } from './containerLimits';
import { VALUES_ANNOTATION } from './databaseSecret';
import { imagePullOf } from './imagePullOf';
import { variablesOf } from './serviceVariables';

/** Annotations of this kind reach the pods: with them a sandbox's simulated node is told how they end. */
const SIMULATION = 'sandbox.platform.myorg.com/';

/** What a service is started with, besides what the manifest says. */
export interface ServiceInputs {
  /** The image as it is started */
  image: string;
  /** Changes where the values of its Secrets do */
  values: string;
}

/** What one service of an environment consists of. */
export function serviceObjects(
  target: Target,
  service: EnvironmentServiceSpec,
  inputs: ServiceInputs,
): { deployment: KubernetesObject; others: KubernetesObject[] } {
  const { namespace, slug, settings } = target;
  const labels = { ...target.labels, [SERVICE_LABEL]: service.name };
  const metadata = { name: service.name, namespace, labels };
  const address = service.public
    ? addressOf(service.name, slug, settings)
    : undefined;
  return {
    deployment: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: service.replicas,
        revisionHistoryLimit: 1,
        progressDeadlineSeconds: 600,
        selector: { matchLabels: { [SERVICE_LABEL]: service.name } },
        template: {
          metadata: {
            labels,
            annotations: {
              [VALUES_ANNOTATION]: inputs.values,
              ...simulationOf(target),
            },
          },
          spec: podOf(target, service, inputs.image),
        },
      },
    },
    others: [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: {
          selector: { [SERVICE_LABEL]: service.name },
          ports: portsOf(service),
        },
      },
      ...(address ? [ingressOf(target, service, address.host, labels)] : []),
    ],
  };
}

function podOf(target: Target, service: EnvironmentServiceSpec, image: string) {
  const pull = imagePullOf(target);
  const { command, args, resources } = service;
  const probe = service.health
    ? { httpGet: { path: service.health, port: service.port } }
    : { tcpSocket: { port: service.port } };
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    ...pull.pod,
    containers: [
      {
        name: service.name,
        image,
        ...pull.container,
        ...(command && { command }),
        ...(args && { args }),
        ports: [
          { name: OWN_PORT_NAMES.every, containerPort: service.port },
          ...service.ports.map(({ name, port }) => ({
            name,
            containerPort: port,
          })),
        ],
        env: variablesOf(target, service),
        ...(resources && { resources: withLimits(resources) }),
        startupProbe: { ...probe, periodSeconds: 1, failureThreshold: 180 },
        readinessProbe: { ...probe, periodSeconds: 5, failureThreshold: 3 },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        },
      },
    ],
  };
}

/**
 * The port that every service has leads to it, and so does its own, by which others may know it. Of those that
 * are called or numbered alike the first stays: such others were asked for before that was refused.
 */
function portsOf({ port, ports }: EnvironmentServiceSpec) {
  const all = [
    { name: OWN_PORT_NAMES.every, port: OWN_PORT, targetPort: port },
    { name: OWN_PORT_NAMES.own, port, targetPort: port },
    ...ports.map(one => ({
      name: one.name,
      port: one.port,
      targetPort: one.port,
    })),
  ].map(one => ({ ...one, protocol: 'TCP' }));
  return all.filter(
    (one, at) =>
      all.findIndex(
        other => other.port === one.port || other.name === one.name,
      ) === at,
  );
}

function ingressOf(
  target: Target,
  service: EnvironmentServiceSpec,
  host: string,
  labels: Record<string, string>,
): KubernetesObject {
  const { namespace, settings } = target;
  const { ingressClass, tlsIssuer } = settings;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: service.name,
      namespace,
      labels,
      ...(tlsIssuer && {
        annotations: { 'cert-manager.io/cluster-issuer': tlsIssuer },
      }),
    },
    spec: {
      ...(ingressClass && { ingressClassName: ingressClass }),
      ...(tlsIssuer && {
        tls: [{ hosts: [host], secretName: `${service.name}-tls` }],
      }),
      rules: [
        {
          host,
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: {
                  service: { name: service.name, port: { number: OWN_PORT } },
                },
              },
            ],
          },
        },
      ],
    },
  };
}

export function simulationOf({ resource }: Target): Record<string, string> {
  return Object.fromEntries(
    Object.entries(resource.annotations).filter(([name]) =>
      name.startsWith(SIMULATION),
    ),
  );
}
