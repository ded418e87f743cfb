import { KubernetesObject } from '@highroad/plugin-platform-node/kubernetes';
import {
  API_GROUP,
  DURATION_PATTERN,
  KIND,
  LABEL_PATTERN,
  NAME_LENGTH,
  OVERLAY_LENGTH,
  OVERLAY_PATTERN,
  PLURAL,
} from '@highroad/plugin-environments-common';

const label = (maxLength: number) => ({
  type: 'string',
  maxLength,
  pattern: LABEL_PATTERN,
});
const text = (maxLength: number) => ({
  type: 'string',
  minLength: 1,
  maxLength,
});
const port = { type: 'integer', minimum: 1, maximum: 65535 };
const quantity = {
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  'x-kubernetes-int-or-string': true,
};
const amounts = {
  type: 'object',
  properties: { cpu: quantity, memory: quantity },
};
const unique = {
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['name'],
};
const words = {
  type: 'array',
  maxItems: 50,
  items: { type: 'string', maxLength: 1000 },
};
/**
 * Holds for every write, also of the status and of what keeps one from going: before Kubernetes 1.30 also where what it is
 * about does not change. What was taken once is therefore refused in `accept`, of new ones only.
 */
const rule = (expression: string, message: string) => ({
  rule: expression,
  message,
});

const variable = {
  type: 'object',
  required: ['name'],
  properties: {
    name: {
      type: 'string',
      maxLength: 253,
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
    },
    value: { type: 'string', maxLength: 10_000 },
    secret: {
      type: 'object',
      required: ['service', 'key'],
      properties: { service: text(300), key: text(253) },
    },
  },
  'x-kubernetes-validations': [
    rule(
      'has(self.value) != has(self.secret)',
      'give it either a value or a secret',
    ),
  ],
};

const service = {
  type: 'object',
  required: ['name'],
  properties: {
    name: label(40),
    image: text(500),
    from: {
      type: 'object',
      required: ['service'],
      properties: {
        service: text(300),
        revision: text(300),
        overlay: {
          type: 'string',
          maxLength: OVERLAY_LENGTH,
          pattern: OVERLAY_PATTERN,
        },
      },
    },
    port: { ...port, default: 8080 },
    ports: {
      type: 'array',
      maxItems: 10,
      ...unique,
      items: {
        type: 'object',
        required: ['name', 'port'],
        properties: { name: label(15), port },
      },
    },
    public: { type: 'boolean', default: true },
    health: { type: 'string', maxLength: 200, pattern: '^/[^\\s]*$' },
    replicas: { type: 'integer', minimum: 1, maximum: 10, default: 1 },
    resources: {
      type: 'object',
      properties: { requests: amounts, limits: amounts },
    },
    env: { type: 'array', maxItems: 100, ...unique, items: variable },
    command: words,
    args: words,
  },
  'x-kubernetes-validations': [
    rule(
      'has(self.image) || has(self.from)',
      'give it an image, or have it take the service’s own manifests (from)',
    ),
    rule(
      "!has(self.from) || self.from.service == self.name || self.from.service == 'component:default/' + self.name",
      'a service takes its own manifests: from.service is its name, or as the catalog names it',
    ),
    rule(
      '!has(self.from) || (!has(self.command) && !has(self.args) && !has(self.health) && (!has(self.ports) || size(self.ports) == 0))',
      'command, args, health and ports are said by the service’s own manifests; leave them out beside from',
    ),
  ],
};

const database = {
  type: 'object',
  required: ['type'],
  properties: {
    name: { ...label(20), default: 'main' },
    type: { type: 'string', enum: ['postgres'] },
    driver: label(40),
    seed: {
      ...text(500),
      'x-kubernetes-validations': [
        rule(
          "!self.startsWith('/') && !self.contains('..')",
          'the path of a seed begins in the repository and stays there',
        ),
      ],
    },
    services: { type: 'array', maxItems: 50, items: label(40) },
  },
};

const spec = {
  type: 'object',
  required: ['type', 'services'],
  properties: {
    type: { type: 'string', enum: ['preview'] },
    ttl: { type: 'string', pattern: DURATION_PATTERN, default: '7d' },
    keep: { type: 'boolean', default: false },
    owner: text(300),
    cluster: text(63),
    repository: { type: 'string', maxLength: 500, pattern: '^https?://' },
    revision: text(300),
    pullRequest: {
      type: 'object',
      required: ['host', 'repository', 'number', 'branch', 'commit'],
      properties: {
        host: text(253),
        repository: { type: 'string', minLength: 3, maxLength: 300 },
        number: { type: 'integer', minimum: 1 },
        branch: text(300),
        commit: { type: 'string', pattern: '^[0-9a-f]{40}([0-9a-f]{24})?$' },
        fork: { type: 'boolean', default: false },
        url: { type: 'string', maxLength: 1000 },
      },
    },
    services: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      ...unique,
      items: service,
    },
    databases: { type: 'array', maxItems: 5, ...unique, items: database },
  },
  'x-kubernetes-validations': [
    rule(
      '!has(self.databases) || self.databases.all(d, !has(d.services) || d.services.all(n, self.services.exists(s, s.name == n)))',
      'a database names a service that is not in this environment',
    ),
    rule(
      'has(self.pullRequest) == has(oldSelf.pullRequest) && (!has(self.pullRequest) || (self.pullRequest.host == oldSelf.pullRequest.host && self.pullRequest.repository == oldSelf.pullRequest.repository && self.pullRequest.number == oldSelf.pullRequest.number))',
      'an environment stays that of the pull request that it was made for',
    ),
    rule(
      "has(self.pullRequest) || !has(oldSelf.owner) || (has(self.owner) && (self.owner == oldSelf.owner || self.owner == 'group:default/' + oldSelf.owner || 'group:default/' + self.owner == oldSelf.owner))",
      'an environment stays its owner’s: leave spec.owner as it is, or give yours another name',
    ),
  ],
};

const status = {
  type: 'object',
  properties: {
    observedGeneration: { type: 'integer' },
    ...Object.fromEntries(
      [
        'phase',
        'message',
        'namespace',
        'cluster',
        'owner',
        'url',
        'readyAt',
      ].map(name => [name, { type: 'string' }]),
    ),
    expiresAt: { type: 'string', format: 'date-time' },
    endsNotBefore: { type: 'string', format: 'date-time' },
    keepRefused: { type: 'boolean' },
    warnings: { type: 'array', items: { type: 'string' } },
    conditions: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
      items: {
        type: 'object',
        required: ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
        properties: {
          type: { type: 'string' },
          status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
          reason: { type: 'string' },
          message: { type: 'string' },
          lastTransitionTime: { type: 'string', format: 'date-time' },
          observedGeneration: { type: 'integer' },
        },
      },
    },
    services: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          ...Object.fromEntries(
            ['name', 'image', 'commit', 'state', 'url', 'message'].map(name => [
              name,
              { type: 'string' },
            ]),
          ),
          ready: { type: 'integer' },
          replicas: { type: 'integer' },
        },
      },
    },
    databases: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          ...Object.fromEntries(
            ['name', 'type', 'driver', 'state', 'message'].map(name => [
              name,
              { type: 'string' },
            ]),
          ),
          seed: {
            type: 'object',
            properties: {
              ...Object.fromEntries(
                ['path', 'repository', 'commit', 'state', 'appliedAt'].map(
                  name => [name, { type: 'string' }],
                ),
              ),
              doneBytes: { type: 'integer', format: 'int64' },
              totalBytes: { type: 'integer', format: 'int64' },
              line: { type: 'integer' },
            },
          },
        },
      },
    },
  },
};

const column = (name: string, jsonPath: string, more: object = {}) => ({
  ...{ name, type: 'string', jsonPath },
  ...more,
});

/** What Kubernetes has to know of environments: their shape, defaults, rules, and what `kubectl get` shows. */
export function environmentDefinition(): KubernetesObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${PLURAL}.${API_GROUP}` },
    spec: {
      group: API_GROUP,
      scope: 'Namespaced',
      names: {
        kind: KIND,
        plural: PLURAL,
        singular: 'environment',
        listKind: `${KIND}List`,
        shortNames: ['env'],
      },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: [
            column('Phase', '.status.phase'),
            column('URL', '.status.url'),
            column('Expires', '.status.expiresAt', {
              description: 'When it ends; empty for one that is kept',
            }),
            column('Owner', '.status.owner'),
            column('Age', '.metadata.creationTimestamp', { type: 'date' }),
            column('Message', '.status.message', { priority: 1 }),
          ],
          schema: {
            openAPIV3Schema: {
              type: 'object',
              required: ['spec'],
              properties: {
                apiVersion: { type: 'string' },
                kind: { type: 'string' },
                metadata: { type: 'object' },
                spec,
                status,
              },
              'x-kubernetes-validations': [
                rule(
                  `size(self.metadata.name) <= ${NAME_LENGTH} && self.metadata.name.matches('${LABEL_PATTERN}')`,
                  `the name of an environment is at most ${NAME_LENGTH} lower-case letters, digits and "-", beginning with a letter`,
                ),
              ],
            },
          },
        },
      ],
    },
  };
}
