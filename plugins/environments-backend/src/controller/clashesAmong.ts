import { databaseSecretName } from './objects/databaseSecret';
import { PlannedService } from './planService';
import { Target } from './Target';

/** The cluster puts one into every namespace. */
const OF_THE_CLUSTER = 'ConfigMap kube-root-ca.crt';

/**
 * Services whose manifests bring objects that have the names of others' in the environment: nobody could say whose they are.
 * Those that the environment's own manifest describes go first, then the others in its order.
 *
 * @returns what is wrong, by the service's name
 */
export function clashesAmong(
  { spec }: Pick<Target, 'spec'>,
  planned: PlannedService[],
): Map<string, { message: string; problem: true }> {
  const taken = new Map([
    [OF_THE_CLUSTER, 'the cluster'],
    ...spec.databases.map(({ name }): [string, string] => [
      `Service ${databaseSecretName(name)}`,
      `the database ${name}`,
    ]),
  ]);
  const clashes = new Map<string, { message: string; problem: true }>();
  const inOrder = [
    ...planned.filter(({ service }) => !service.from),
    ...planned.filter(({ service }) => service.from),
  ];
  for (const one of inOrder) {
    if (!('parts' in one)) continue;
    const { name } = one.service;
    const keys = [...one.parts.workloads, ...one.parts.others].map(
      ({ kind, metadata }) => `${kind} ${metadata.name}`,
    );
    const clash = keys.find(key => taken.has(key));
    if (clash) {
      clashes.set(name, {
        message: `Its ${clash} has the name of one of ${taken.get(
          clash,
        )}. Name it otherwise in its manifests.`,
        problem: true,
      });
      continue;
    }
    for (const key of keys) taken.set(key, name);
  }
  return clashes;
}
