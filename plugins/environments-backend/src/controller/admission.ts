import {
  API_GROUP,
  KEEP_LABEL,
  OWNER_ANNOTATION,
  PLURAL,
  PULL_REQUEST_LABEL,
} from '@highroad/plugin-environments-common';
import { KubernetesObject } from '@highroad/plugin-platform-node/kubernetes';
import { PreviewSettings } from '../service/PreviewSettings';
import { prefixPattern } from './objects/imageOf';

type Settings = Pick<
  PreviewSettings,
  'namespace' | 'teamNamespaces' | 'registry' | 'images' | 'secretsFrom'
>;

/**
 * What an environment may ask for, said by the cluster itself, to whoever applies it. The controller looks again: a
 * cluster may have been without this for a while.
 */
export function admissionObjects(settings: Settings): KubernetesObject[] {
  const name = `highroad-${settings.namespace}`;
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [
            {
              apiGroups: [API_GROUP],
              apiVersions: ['v1'],
              operations: ['CREATE', 'UPDATE'],
              resources: [PLURAL],
            },
          ],
        },
        // One that goes is let go, whatever it asked for.
        matchConditions: [
          {
            name: 'stays',
            expression: '!has(object.metadata.deletionTimestamp)',
          },
        ],
        variables: variables(settings),
        validations: validations(settings),
      },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: {
        policyName: name,
        validationActions: ['Deny'],
        ...(!settings.teamNamespaces && {
          matchResources: {
            namespaceSelector: {
              matchLabels: {
                'kubernetes.io/metadata.name': settings.namespace,
              },
            },
          },
        }),
      },
    },
  ];
}

function variables({ namespace, registry, images }: Settings) {
  const kept = (object: string) =>
    `((has(${object}.spec.keep) && ${object}.spec.keep) || (has(${object}.metadata.labels) && '${KEEP_LABEL}' in ${object}.metadata.labels && ${object}.metadata.labels['${KEEP_LABEL}'] == 'true'))`;
  return [
    { name: 'home', expression: `request.namespace == ${cel(namespace)}` },
    {
      name: 'team',
      expression: `has(namespaceObject.metadata.annotations) && '${OWNER_ANNOTATION}' in namespaceObject.metadata.annotations ? namespaceObject.metadata.annotations['${OWNER_ANNOTATION}'] : ''`,
    },
    { name: 'kept', expression: kept('object') },
    {
      name: 'wasKept',
      expression: `request.operation == 'UPDATE' && ${kept('oldObject')}`,
    },
    {
      name: 'images',
      expression: `object.spec.services.filter(s, has(s.image)).map(s, s.image.matches('^(localhost|[^/]*[.:][^/]*)/') ? s.image : ${cel(
        registry ? `${registry.replace(/\/$/, '')}/` : '',
      )} + s.image)`,
    },
    {
      name: 'prefixes',
      expression: `[${(images?.map(prefixPattern) ?? [''])
        .map(cel)
        .join(', ')}]`,
    },
  ];
}

function validations({ images, secretsFrom }: Settings) {
  const rule = (expression: string, message: string) => ({
    expression,
    message,
    reason: 'Forbidden',
  });
  return [
    rule(
      "variables.home || variables.team != ''",
      `this namespace is no team's; have the platform team put the annotation ${OWNER_ANNOTATION} on it`,
    ),
    rule(
      "variables.home || !has(object.spec.owner) || object.spec.owner == variables.team || 'group:default/' + object.spec.owner == variables.team",
      'spec.owner is another than the team of this namespace; leave it out',
    ),
    rule(
      'variables.home || !has(object.spec.pullRequest)',
      'spec.pullRequest is filled in by the platform; leave it out',
    ),
    rule(
      `variables.home || !has(object.metadata.labels) || !('${PULL_REQUEST_LABEL}' in object.metadata.labels)`,
      `the label ${PULL_REQUEST_LABEL} is set by the platform; leave it out`,
    ),
    rule(
      `!variables.kept || variables.wasKept || authorizer.group('${API_GROUP}').resource('${PLURAL}').namespace(request.namespace).check('keep').allowed()`,
      `you may not have an environment kept; it takes the verb "keep" on ${PLURAL}.${API_GROUP}`,
    ),
    rule(
      'variables.images.all(i, variables.prefixes.exists(p, i.matches(p)))',
      `environments take images whose names begin with ${
        images?.join(', ') ?? 'anything'
      }`,
    ),
    secretsFrom
      ? rule(
          "object.spec.services.all(s, !has(s.env) || s.env.all(e, !has(e.secret) || e.secret.service == s.name || e.secret.service == 'component:default/' + s.name))",
          'services of previews are given secrets of their own only: name the service that asks',
        )
      : rule(
          'object.spec.services.all(s, !has(s.env) || s.env.all(e, !has(e.secret)))',
          'previews are given no secrets of services; give the variable a plain value, or the environment a database of its own',
        ),
  ];
}

/** A text as CEL writes it. */
function cel(text: string): string {
  return `'${text.replace(/[\\']/g, character => `\\${character}`)}'`;
}
