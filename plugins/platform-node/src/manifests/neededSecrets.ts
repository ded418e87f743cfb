import { z } from 'zod';
import { KubernetesObject } from './KubernetesObject';
import { containersOf, podTemplatesOf } from './podTemplates';

/** Something that pods cannot start without. */
export interface NeededSecret {
  /** Who needs it, such as `Deployment cart` */
  object: string;
  /** Name of the Secret */
  secret: string;
  /** What of it; all that there is, if left out */
  key?: string;
}

const name = z.string().nullish();
const optional = z.boolean().nullish();
const items = z.array(z.object({ key: z.string() }).passthrough()).nullish();
const containerSchema = z.object({
  env: z
    .array(
      z.object({
        valueFrom: z
          .object({
            secretKeyRef: z
              .object({ name, key: z.string(), optional })
              .nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
  envFrom: z
    .array(z.object({ secretRef: z.object({ name, optional }).nullish() }))
    .nullish(),
});
const volumeSchema = z.object({
  secret: z.object({ secretName: name, items, optional }).nullish(),
  projected: z
    .object({
      sources: z
        .array(
          z.object({
            secret: z.object({ name, items, optional }).nullish(),
          }),
        )
        .nullish(),
    })
    .nullish(),
});

/** Every Secret that pods of these objects refer to and cannot start without; each once for each object. */
export function neededSecrets(objects: KubernetesObject[]): NeededSecret[] {
  return secretsReferredTo(objects)
    .filter(one => !one.optional)
    .map(({ optional: _, ...needed }) => needed);
}

/** Every Secret that pods of these objects refer to; each once for each object. */
export function secretsReferredTo(
  objects: KubernetesObject[],
): Array<NeededSecret & { optional: boolean }> {
  const found = objects.flatMap(object =>
    podTemplatesOf(object).flatMap(one =>
      one.ok
        ? [
            ...containersOf(one.template.spec).flatMap(inContainer),
            ...(one.template.spec.volumes ?? []).flatMap(inVolume),
          ].map(needed => ({
            object: `${object.kind} ${object.metadata.name}`,
            ...needed,
          }))
        : [],
    ),
  );
  const byName = new Map(found.map(one => [Object.values(one).join(' '), one]));
  return [...byName.values()];
}

type Reference = Omit<NeededSecret, 'object'> & { optional: boolean };

function inContainer(container: unknown): Reference[] {
  const read = containerSchema.safeParse(container);
  if (!read.success) return [];
  const { env, envFrom } = read.data;
  return [
    ...(env ?? []).flatMap(({ valueFrom }) => {
      const ref = valueFrom?.secretKeyRef;
      return reference(ref?.name, ref?.optional, [ref?.key]);
    }),
    ...(envFrom ?? []).flatMap(({ secretRef }) =>
      reference(secretRef?.name, secretRef?.optional, [undefined]),
    ),
  ];
}

function inVolume(volume: unknown): Reference[] {
  const read = volumeSchema.safeParse(volume);
  if (!read.success) return [];
  const { secret, projected } = read.data;
  return [
    { ...secret, name: secret?.secretName },
    ...(projected?.sources ?? []).map(source => ({ ...source.secret })),
  ].flatMap(one =>
    reference(
      one.name,
      one.optional,
      one.items?.map(({ key }) => key) ?? [undefined],
    ),
  );
}

function reference(
  secret: string | null | undefined,
  mayBeMissing: boolean | null | undefined,
  keys: Array<string | undefined>,
): Reference[] {
  if (!secret) return [];
  return keys.map(key => ({
    ...{ secret, optional: Boolean(mayBeMissing) },
    ...(key !== undefined && { key }),
  }));
}
