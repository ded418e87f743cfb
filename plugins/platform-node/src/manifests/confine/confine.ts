import { InputError } from '@backstage/errors';
import { describeObject, KubernetesObject } from '../KubernetesObject';
import {
  INVENTORY,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  SERVICE_LABEL,
} from '../names';
import { changePodTemplates } from '../podTemplates';
import { problemOfKind } from './allowedKinds';
import { problemsOfMonitoring } from './problemsOfMonitoring';
import { problemsOfNetwork } from './problemsOfNetwork';
import { problemsOfPods } from './problemsOfPods';
import { problemsOfTraffic } from './problemsOfTraffic';

const MOST_OBJECTS = 200;
/** Names of accounts that are the platform's own. */
const RESERVED_ACCOUNT = /^highroad(?:-|$)/;
/** Fields of an object's description by which it would hold up, or belong to, something else. */
const REFUSED_METADATA = ['finalizers', 'ownerReferences', 'generateName'];

/** Manifests ask for more than a repository may have. */
export class ConfinementError extends InputError {
  /** @param problems - all of them, each naming its object and field */
  constructor(readonly problems: string[]) {
    super(
      `The manifests ask for what a repository may not have:\n${problems
        .map(problem => `- ${problem}`)
        .join('\n')}`,
    );
  }
}

/**
 * Keeps what a repository brings in the namespace of its service: only kinds that are allowed, only there, without a way
 * to the node, to other namespaces, or to the rights of the platform's own parts. Marks it as the platform's.
 *
 * @param options.service - name of the service, as in the catalog
 * @param options.hosts - those at which it may be reached; any if left out
 * @throws ConfinementError that lists every problem
 */
export function confine(
  objects: KubernetesObject[],
  options: { namespace: string; service: string; hosts?: string[] },
): KubernetesObject[] {
  const { namespace, hosts } = options;
  const accounts = objects
    .filter(({ kind }) => kind === 'ServiceAccount')
    .map(({ metadata }) => metadata.name)
    .filter(name => !RESERVED_ACCOUNT.test(name));
  const problems = objects.flatMap(object =>
    problemsOf(object, { namespace, accounts, hosts }).map(
      problem => `${describeObject(object)}: ${problem}`,
    ),
  );
  const all = [...ofAllTogether(objects), ...problems];
  if (all.length > 0) throw new ConfinementError([...new Set(all)]);
  return objects.map(object => marked(object, options));
}

function problemsOf(
  object: KubernetesObject,
  place: { namespace: string; accounts: string[]; hosts?: string[] },
): string[] {
  const { namespace, accounts, hosts } = place;
  const kind = problemOfKind(object);
  const { metadata } = object;
  return [
    ...(kind ? [kind] : []),
    ...(metadata.namespace !== undefined && metadata.namespace !== namespace
      ? [
          `metadata.namespace: "${metadata.namespace}" is another namespace than ${namespace}; leave it out, the platform sets it`,
        ]
      : []),
    ...REFUSED_METADATA.filter(field => metadata[field] !== undefined).map(
      field => `metadata.${field}: leave it out`,
    ),
    ...(object.kind === 'ServiceAccount' && RESERVED_ACCOUNT.test(metadata.name)
      ? [
          'metadata.name: accounts that begin with "highroad" are the platform’s',
        ]
      : []),
    ...(object.kind === 'ConfigMap' && metadata.name === INVENTORY
      ? [
          `metadata.name: the platform keeps in ${INVENTORY} what it applied; give it another name`,
        ]
      : []),
    // A kind that is refused anyway is not looked into.
    ...(kind
      ? []
      : [
          ...problemsOfPods(object, accounts),
          ...problemsOfNetwork(object, namespace),
          ...problemsOfTraffic(object, hosts),
          ...problemsOfMonitoring(object, namespace),
        ]),
  ];
}

function ofAllTogether(objects: KubernetesObject[]): string[] {
  const names = objects.map(
    ({ apiVersion, kind, metadata }) =>
      `${apiVersion.split('/').slice(0, -1).join()}/${kind} ${metadata.name}`,
  );
  return [
    ...(objects.length === 0 ? ['there is no object in them'] : []),
    ...(objects.length > MOST_OBJECTS
      ? [
          `there are ${objects.length} objects; at most ${MOST_OBJECTS} are applied`,
        ]
      : []),
    ...objects
      .filter((_, at) => names.indexOf(names[at]) < at)
      .map(object => `${describeObject(object)}: it is there twice`),
  ];
}

function marked(
  object: KubernetesObject,
  options: { namespace: string; service: string },
): KubernetesObject {
  const { namespace, service } = options;
  const { status: _, ...wanted } = changePodTemplates(object, template => ({
    ...template,
    metadata: {
      ...template.metadata,
      labels: { ...template.metadata?.labels, [SERVICE_LABEL]: service },
    },
  }));
  return {
    ...wanted,
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      ...object.metadata,
      namespace,
      labels: {
        ...object.metadata.labels,
        [MANAGED_BY_LABEL]: MANAGED_BY,
        [SERVICE_LABEL]: service,
      },
    },
  };
}
