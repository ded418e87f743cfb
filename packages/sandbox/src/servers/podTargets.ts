import { z } from 'zod';
import { Connection } from '../connection/schema';
import { getTls } from './http';

/** Where the supervisor lists them, for Prometheus. */
export const TARGETS_PATH = '/targets';

/** Name and label by which services' manifests say what is scraped; their ServiceMonitors ask for the same. */
const PORT_NAME = 'http';
const SERVICE_LABEL = 'app.kubernetes.io/name';

const podsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        name: z.string(),
        namespace: z.string(),
        labels: z.record(z.string()).default({}),
      }),
      spec: z.object({
        containers: z.array(
          z.object({
            ports: z
              .array(
                z.object({
                  name: z.string().optional(),
                  containerPort: z.number(),
                }),
              )
              .default([]),
          }),
        ),
      }),
      status: z.object({ podIP: z.string().optional() }),
    }),
  ),
});

/** One target group of Prometheus' HTTP service discovery. */
export interface TargetGroup {
  targets: string[];
  labels: Record<string, string>;
}

/**
 * The pods of services that have a port called "http", each with its namespace and service.
 *
 * @throws Error when the cluster does not answer: Prometheus then keeps the targets that it had
 * @see https://prometheus.io/docs/prometheus/latest/http_sd/
 */
export async function podTargets(
  connection: Connection,
): Promise<TargetGroup[]> {
  const { server, ca, portalToken } = connection.kubernetes;
  const query = new URLSearchParams({ labelSelector: SERVICE_LABEL });
  const text = await getTls(`${server}/api/v1/pods?${query}`, {
    ca,
    token: portalToken,
  });
  return targetsOf(JSON.parse(text));
}

/** @param pods - a PodList of Kubernetes */
export function targetsOf(pods: unknown): TargetGroup[] {
  return podsSchema.parse(pods).items.flatMap(({ metadata, spec, status }) => {
    const port = spec.containers
      .flatMap(container => container.ports)
      .find(({ name }) => name === PORT_NAME);
    if (!status.podIP || !port) return [];
    return [
      {
        targets: [`${status.podIP}:${port.containerPort}`],
        labels: {
          namespace: metadata.namespace,
          pod: metadata.name,
          service: metadata.labels[SERVICE_LABEL],
        },
      },
    ];
  });
}
