import { describeObject, KubernetesObject } from './KubernetesObject';
import { changePodTemplates, Container, isWorkload } from './podTemplates';

/** Where a service says that it is well, of the annotations of its catalog entity. */
export interface HealthAddresses {
  /** `platform.myorg.com/health-path` */
  healthPath?: string;
  /** `platform.myorg.com/ready-path`; the health path where it is not there */
  readyPath?: string;
  /** `platform.myorg.com/port`; the container's port where it is not there */
  port?: number;
}

/**
 * Adds probes from the annotations to the service's container where the manifest has none. A probe that the manifest has
 * is left alone, whatever it says.
 *
 * @param options.digest - of the image by which the service's container is known
 * @returns the objects, and a line for each probe that was added
 */
export function addHealthChecks(
  objects: KubernetesObject[],
  options: { addresses: HealthAddresses; digest: string },
): { objects: KubernetesObject[]; added: string[] } {
  const { addresses, digest } = options;
  const added: string[] = [];
  const changed = objects.map(object =>
    isWorkload(object)
      ? changePodTemplates(object, template => ({
          ...template,
          spec: {
            ...template.spec,
            containers: template.spec.containers.map(container => {
              if (!container.image?.endsWith(`@${digest}`)) return container;
              const { readinessProbe, livenessProbe } = probesFor(
                container,
                addresses,
              );
              const note = (name: string, path: string | undefined) =>
                added.push(
                  `${describeObject(object)}, container ${
                    container.name
                  }: ${name} at ${path}, from the catalog`,
                );
              if (readinessProbe)
                note(
                  'readiness probe',
                  addresses.readyPath ?? addresses.healthPath,
                );
              if (livenessProbe) note('liveness probe', addresses.healthPath);
              return {
                ...container,
                ...(readinessProbe && { readinessProbe }),
                ...(livenessProbe && { livenessProbe }),
              };
            }),
          },
        }))
      : object,
  );
  return { objects: changed, added };
}

/** The intervals of a service made from the platform's template. */
function probesFor(container: Container, addresses: HealthAddresses) {
  const { healthPath, readyPath = healthPath } = addresses;
  const port = addresses.port ?? portOf(container);
  const get = (path: string) => ({
    httpGet: { path, port },
    timeoutSeconds: 2,
  });
  return {
    readinessProbe:
      !container.readinessProbe && readyPath && port !== undefined
        ? { ...get(readyPath), periodSeconds: 5, failureThreshold: 2 }
        : undefined,
    livenessProbe:
      !container.livenessProbe && healthPath && port !== undefined
        ? { ...get(healthPath), periodSeconds: 10, failureThreshold: 3 }
        : undefined,
  };
}

function portOf({ ports }: Container): number | undefined {
  const all = ports ?? [];
  const named = all.find(({ name }) => name === 'http');
  return (
    named?.containerPort ??
    (all.length === 1 ? all[0].containerPort : undefined)
  );
}
