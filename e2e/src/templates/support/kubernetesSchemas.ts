import Ajv2020, { ErrorObject, ValidateFunction } from 'ajv/dist/2020';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { machine } from '../../support/require';
import { readText } from './files';

/** The oldest and the newest Kubernetes that services are meant for. */
export const KUBERNETES = ['1.31.0', '1.37.0'] as const;

const objectSchema = z
  .object({
    apiVersion: z.string(),
    kind: z.string(),
    metadata: z
      .object({
        name: z.string(),
        namespace: z.string().optional(),
        labels: z.record(z.string()).default({}),
      })
      .passthrough(),
  })
  .passthrough();

/** An object of Kubernetes as `kubectl apply` takes it. */
export type Manifest = z.infer<typeof objectSchema>;

export function parseManifest(value: unknown): Manifest {
  return objectSchema.parse(value);
}

/** As much of a JSON schema as has to be understood to close it. */
interface Schema {
  [keyword: string]: unknown;
  type?: string | string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
}

const schemaSchema: z.ZodType<Schema> = z.lazy(() =>
  z
    .object({
      type: z.union([z.string(), z.array(z.string())]).optional(),
      properties: z.record(schemaSchema).optional(),
      items: schemaSchema.optional(),
      additionalProperties: z.union([z.boolean(), schemaSchema]).optional(),
    })
    .passthrough(),
);

const definitionSchema = z.object({
  kind: z.literal('CustomResourceDefinition'),
  spec: z.object({
    group: z.string(),
    names: z.object({ kind: z.string() }),
    versions: z.array(
      z.object({
        name: z.string(),
        schema: z.object({ openAPIV3Schema: schemaSchema }),
      }),
    ),
  }),
});

/** Patterns are written for Go, which can begin one with "(?i)". */
const goRegExp = Object.assign(
  (pattern: string, flags: string) =>
    pattern.includes('(?i)')
      ? new RegExp(pattern.replace('(?i)', ''), `${flags}i`)
      : new RegExp(pattern, flags),
  { code: 'new RegExp' },
);

/** Checks objects as strictly as `kubectl apply --validate=strict` does: also a field that nobody knows is wrong. */
export class StrictSchemas {
  readonly #core: string;
  readonly #definitions: Map<string, Schema>;
  readonly #ajv: Ajv2020;
  readonly #validators = new Map<string, ValidateFunction>();

  /** @param kubernetes - whose own kinds, one of {@link KUBERNETES} */
  constructor(kubernetes: (typeof KUBERNETES)[number]) {
    const folder = machine.schemas ?? '';
    this.#core = join(folder, 'core', kubernetes);
    this.#definitions = readDefinitions(join(folder, 'definitions'));
    this.#ajv = new Ajv2020({
      strict: false,
      validateFormats: false,
      allErrors: true,
      code: { regExp: goRegExp },
    });
    this.#ajv.addSchema(
      JSON.parse(readText(this.#core, '_definitions.json')),
      '/api/_definitions.json',
    );
  }

  /** @returns what is wrong with it, a line each */
  check(manifest: Manifest): string[] {
    const validate = this.#validatorFor(manifest);
    if (!validate) {
      return [`${manifest.apiVersion} ${manifest.kind} is no known kind`];
    }
    validate(manifest);
    return (validate.errors ?? []).map(error => describeError(manifest, error));
  }

  #validatorFor({ apiVersion, kind }: Manifest): ValidateFunction | undefined {
    const id = `${apiVersion}/${kind}`;
    const known = this.#validators.get(id);
    if (known) return known;
    const schema =
      this.#definitions.get(id) ?? this.#coreSchema(apiVersion, kind);
    if (!schema) return undefined;
    const validate = this.#ajv.compile(schema);
    this.#validators.set(id, validate);
    return validate;
  }

  /** `apps/v1 Deployment` is in `deployment-apps-v1.json`, `networking.k8s.io/v1 Ingress` in `ingress-networking-v1.json`. */
  #coreSchema(apiVersion: string, kind: string): Schema | undefined {
    const [group, version] = apiVersion.includes('/')
      ? apiVersion.split('/')
      : ['', apiVersion];
    const file = [kind.toLowerCase(), group.split('.')[0], version]
      .filter(Boolean)
      .join('-');
    const path = join(this.#core, `${file}.json`);
    return existsSync(path) ? JSON.parse(readText(path)) : undefined;
  }
}

function readDefinitions(folder: string): Map<string, Schema> {
  const schemas = new Map<string, Schema>();
  for (const file of readdirSync(folder)) {
    if (file === 'kustomization.yaml') continue;
    const { group, names, versions } = definitionSchema.parse(
      parse(readText(folder, file)),
    ).spec;
    for (const { name, schema } of versions) {
      schemas.set(
        `${group}/${name}/${names.kind}`,
        closed(schema.openAPIV3Schema, true),
      );
    }
  }
  return schemas;
}

/** The schema with what the API server adds to it: what is not named is refused, and some numbers may be words. */
function closed(schema: Schema, isRoot = false): Schema {
  const result: Schema = { ...schema };
  if (schema['x-kubernetes-int-or-string']) {
    result.type = ['integer', 'string'];
    delete result.anyOf;
  }
  if (schema.properties) {
    result.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [
        name,
        // The API server knows what metadata is; the definition only says that it is an object.
        isRoot && name === 'metadata' ? property : closed(property),
      ]),
    );
    if (!schema['x-kubernetes-preserve-unknown-fields']) {
      result.additionalProperties = false;
    }
  }
  if (schema.items) result.items = closed(schema.items);
  if (typeof schema.additionalProperties === 'object') {
    result.additionalProperties = closed(schema.additionalProperties);
  }
  return result;
}

function describeError(manifest: Manifest, error: ErrorObject): string {
  const { instancePath, message, params } = error;
  const extra =
    'additionalProperty' in params ? ` "${params.additionalProperty}"` : '';
  return `${manifest.kind} ${manifest.metadata.name}${instancePath} ${message}${extra}`;
}
