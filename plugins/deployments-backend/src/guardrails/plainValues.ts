import {
  Container,
  KubernetesObject,
} from '@highroad/plugin-platform-node/manifests';
import { z } from 'zod';

const reference = z.object({ name: z.string().nullish() });
const refersSchema = z.object({
  env: z
    .array(
      z.object({
        name: z.string(),
        value: z.string().nullish(),
        valueFrom: z
          .object({
            configMapKeyRef: reference.extend({ key: z.string() }).nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
  envFrom: z
    .array(
      z.object({
        prefix: z.string().nullish(),
        configMapRef: reference.nullish(),
      }),
    )
    .nullish(),
});
const configSchema = z.object({ data: z.record(z.string()).nullish() });

/** A variable of which the manifests hold the value. */
export interface PlainValue {
  name: string;
  value: string;
  /** Where it stands, such as `ConfigMap cart`; in the container itself, if left out */
  from?: string;
}

/** Every variable of a container whose value stands in the manifests: with it, or in a ConfigMap. */
export function plainValues(
  container: Container,
  objects: KubernetesObject[],
): PlainValue[] {
  const refers = refersSchema.safeParse(container);
  // What the API server will not take holds what it says itself all the same.
  if (!refers.success) return written(container.env);
  const { env, envFrom } = refers.data;
  const all = (envFrom ?? []).flatMap(({ configMapRef, prefix }) =>
    Object.entries(configOf(objects, configMapRef?.name)).map(
      ([key, value]) => ({
        ...{ name: `${prefix ?? ''}${key}`, value },
        from: `ConfigMap ${configMapRef?.name}`,
      }),
    ),
  );
  const single = (env ?? []).flatMap(({ name, valueFrom }) => {
    const from = valueFrom?.configMapKeyRef;
    const value = from && configOf(objects, from.name)[from.key];
    return value ? [{ name, value, from: `ConfigMap ${from.name}` }] : [];
  });
  return [...written(env), ...single, ...all];
}

function written(env: Container['env']): PlainValue[] {
  return (env ?? []).flatMap(({ name, value }) =>
    value ? [{ name, value }] : [],
  );
}

function configOf(
  objects: KubernetesObject[],
  name: string | null | undefined,
): Record<string, string> {
  const found = objects.find(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name,
  );
  const read = configSchema.safeParse(found);
  return (read.success && read.data.data) || {};
}
