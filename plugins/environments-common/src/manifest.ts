import { z } from 'zod';
import { durationSchema } from './duration';
import {
  LABEL_PATTERN,
  NAME_LENGTH,
  OVERLAY_LENGTH,
  OVERLAY_PATTERN,
} from './naming';
import { plainSecretsIn } from './plainSecrets';
import { portProblemsIn } from './portProblems';
import { isPlaceholder, placeholders, placeholdersIn } from './placeholders';
import { API_VERSION, KIND } from './names';

/** A service of an environment is the component of that name. */
export function serviceRefOf(name: string): string {
  return `component:default/${name}`;
}

/** A name that can be a part of a host name. */
const label = (length: number) =>
  z
    .string()
    .max(length, `use at most ${length} characters`)
    .regex(
      new RegExp(LABEL_PATTERN),
      'use lower-case letters, digits and "-", beginning with a letter',
    );

/** Text in which placeholders may stand. */
const text = (length: number) =>
  z
    .string()
    .min(1)
    .max(length)
    .superRefine((value, context) => {
      for (const name of placeholdersIn(value)) {
        if (isPlaceholder(name)) continue;
        context.addIssue({
          code: 'custom',
          message: `"${name}" can't be filled in; there is ${Object.keys(
            placeholders,
          ).join(', ')}`,
        });
      }
    });

const quantity = z
  .union([z.string(), z.number().transform(String)])
  .pipe(
    z
      .string()
      .regex(
        /^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/,
        'use a quantity of Kubernetes, such as 250m or 256Mi',
      ),
  );
const amounts = z
  .object({ cpu: quantity.optional(), memory: quantity.optional() })
  .strict();

const environmentVariable = z
  .object({
    name: z
      .string()
      .max(253)
      .regex(
        /^[A-Za-z_][A-Za-z0-9_]*$/,
        'a variable’s name is letters, digits and "_"',
      ),
    value: z
      .union([
        z.string(),
        z.number().transform(String),
        z.boolean().transform(String),
      ])
      .pipe(z.union([z.literal(''), text(10_000)]))
      .optional(),
    /** Value of a key that the secret store has for a service of the same owner */
    secret: z
      .object({
        service: z.string().min(1).max(300),
        key: z.string().min(1).max(253),
      })
      .strict()
      .optional(),
  })
  .strict()
  .refine(
    ({ value, secret }) => (value === undefined) !== (secret === undefined),
    'give it either a value or a secret',
  );

const port = z.number().int().min(1).max(65_535);

/** What a service's own manifests decide, so that it can't be said beside `from`. */
const IN_ITS_MANIFESTS = ['command', 'args', 'health'] as const;

const serviceManifestsSchema = z
  .object({
    /** The service of the catalog whose manifests are taken; the one that has the name of this */
    service: z.string().min(1).max(300),
    /** Commit, branch or tag of its repository; the pull request's in its own repository, else the newest */
    revision: text(300).optional(),
    /** Which of `deploy/overlays`; as configured if left out */
    overlay: z
      .string()
      .max(OVERLAY_LENGTH)
      .regex(
        new RegExp(OVERLAY_PATTERN),
        'an overlay is the name of a folder in deploy/overlays',
      )
      .optional(),
  })
  .strict();

export const environmentServiceSchema = z
  .object({
    name: label(40),
    /**
     * With its tag or digest; where it names no host, the platform's registry is meant. Beside `from`, it takes the place of
     * what the manifests run.
     */
    image: text(500).optional(),
    /** The manifests that its repository holds, in place of what is said here */
    from: serviceManifestsSchema.optional(),
    /** Where it answers; told to it as PORT */
    port: port.default(8080),
    /** More ports, reached from other services of the environment only */
    ports: z
      .array(z.object({ name: label(15), port }).strict())
      .max(10)
      .default([]),
    /** Whether it gets an address that people can open */
    public: z.boolean().default(true),
    /** Path that answers 200 once it takes requests; without it, a connection is enough */
    health: z
      .string()
      .max(200)
      .regex(/^\/[^\s]*$/, 'a path begins with "/"')
      .optional(),
    replicas: z.number().int().min(1).max(10).default(1),
    resources: z
      .object({ requests: amounts.optional(), limits: amounts.optional() })
      .strict()
      .optional(),
    env: z.array(environmentVariable).max(100).default([]),
    command: z.array(z.string().max(1000)).max(50).optional(),
    args: z.array(z.string().max(1000)).max(50).optional(),
  })
  .strict()
  .superRefine((service, context) => {
    const { name, image, from } = service;
    const problem = (path: string[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    if (!from) {
      if (image !== undefined) return;
      problem(
        ['image'],
        'it is missing; give an image, or take the service’s own manifests (from)',
      );
      return;
    }
    if (from.service !== name && from.service !== serviceRefOf(name)) {
      problem(
        ['from', 'service'],
        `a service takes its own manifests: write ${name}, or name the service as in the catalog`,
      );
    }
    for (const field of IN_ITS_MANIFESTS) {
      if (service[field] === undefined) continue;
      problem([field], 'leave it out; the service’s own manifests say it');
    }
    if (service.ports.length > 0) {
      problem(['ports'], 'leave it out; the service’s own manifests say it');
    }
  });
export type EnvironmentServiceSpec = z.output<typeof environmentServiceSchema>;

export const environmentDatabaseSchema = z
  .object({
    name: label(20).default('main'),
    type: z.literal('postgres', {
      errorMap: () => ({ message: 'only postgres is there' }),
    }),
    /** Who makes it; the platform's default if left out */
    driver: label(40).optional(),
    /** Path of a file of SQL in the repository, read once when the database is new */
    seed: text(500)
      .refine(
        // As the cluster says it, which refuses "a..b" too.
        path => !path.startsWith('/') && !path.includes('..'),
        'the path of a seed begins in the repository and stays there',
      )
      .optional(),
    /** Names of the services that may use it; all of the environment if left out */
    services: z.array(z.string().min(1)).max(50).optional(),
  })
  .strict();
export type EnvironmentDatabaseSpec = z.output<
  typeof environmentDatabaseSchema
>;

export const pullRequestReferenceSchema = z
  .object({
    /** Host of the Git host, with its port */
    host: z.string().min(1).max(253),
    /** `owner/name` */
    repository: z.string().min(3).max(300),
    number: z.number().int().positive(),
    branch: z.string().min(1).max(300),
    /** Newest commit, whole */
    commit: z
      .string()
      .regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, 'a commit is its whole hash'),
    /** It comes from somebody else's copy of the repository: no secrets are given to it */
    fork: z.boolean().default(false),
    /** Its page */
    url: z.string().url().optional(),
  })
  .strict();
export type PullRequestReference = z.output<typeof pullRequestReferenceSchema>;

export const environmentSpecSchema = z
  .object({
    type: z.literal('preview', {
      errorMap: () => ({
        message:
          'only previews are made on demand; others stand in the configuration',
      }),
    }),
    ttl: durationSchema.default('7d'),
    /** It stays until a person ends it */
    keep: z.boolean().default(false),
    /** Group that owns it, as the catalog names it; where it is applied in a team's namespace, that team if left out */
    owner: z.string().min(1).max(300).optional(),
    /** Name of a cluster; the platform's default if left out */
    cluster: z.string().min(1).max(63).optional(),
    /** Address of the repository that seeds are read from; else that of the catalog's service of the same name */
    repository: z
      .string()
      .url()
      .max(500)
      .regex(
        /^https?:\/\//,
        'write the address of its page, which begins with https://',
      )
      .optional(),
    /** Commit, branch or tag of it */
    revision: text(300).optional(),
    pullRequest: pullRequestReferenceSchema.optional(),
    services: z.array(environmentServiceSchema).min(1).max(20),
    databases: z.array(environmentDatabaseSchema).max(5).default([]),
  })
  .strict()
  .superRefine((spec, context) => {
    const twice = (
      list: Array<{ name: string }>,
      field: 'services' | 'databases',
    ) =>
      list.forEach(({ name }, at) => {
        if (list.findIndex(other => other.name === name) === at) return;
        context.addIssue({
          code: 'custom',
          path: [field, at, 'name'],
          message: `"${name}" is there twice; give each a name of its own`,
        });
      });
    twice(spec.services, 'services');
    twice(spec.databases, 'databases');
    spec.databases.forEach(({ services = [] }, at) =>
      services.forEach((name, position) => {
        if (spec.services.some(service => service.name === name)) return;
        context.addIssue({
          code: 'custom',
          path: ['databases', at, 'services', position],
          message: `there is no service "${name}" in this environment; there is ${spec.services
            .map(service => service.name)
            .join(', ')}`,
        });
      }),
    );
  });
export type EnvironmentSpec = z.output<typeof environmentSpecSchema>;

/** What people write. */
export const environmentManifestSchema = z
  .object({
    apiVersion: z.literal(API_VERSION, {
      errorMap: () => ({ message: `use ${API_VERSION}` }),
    }),
    kind: z.literal(KIND, { errorMap: () => ({ message: `use ${KIND}` }) }),
    metadata: z
      .object({
        name: label(NAME_LENGTH),
        namespace: z.string().min(1).max(63).optional(),
        labels: z.record(z.string()).optional(),
        annotations: z.record(z.string()).optional(),
      })
      .strict(),
    spec: environmentSpecSchema,
  })
  .strict()
  .superRefine(({ spec }, context) => {
    for (const { path, message } of [
      ...plainSecretsIn(spec.services),
      ...portProblemsIn(spec.services),
    ]) {
      context.addIssue({ code: 'custom', path: ['spec', ...path], message });
    }
  });
export type EnvironmentManifest = z.output<typeof environmentManifestSchema>;
export type EnvironmentManifestInput = z.input<
  typeof environmentManifestSchema
>;
