import { DependencyQuery } from '@highroad/plugin-catalog-platform-common';
import { toAnswer } from '../dependencies/answer';
import { GraphEntity, NamedReference } from '../dependencies/graphEntity';
import { walkDependencies } from '../dependencies/walk';

const INVERSE: Record<string, string> = {
  dependsOn: 'dependencyOf',
  consumesApi: 'apiConsumedBy',
  providesApi: 'apiProvidedBy',
  partOf: 'hasPart',
};

/** `[from, relation, to]`, as a file states it; names are references or bare component names. */
export type Fact = [string, keyof typeof INVERSE, string];

export function full(name: string): string {
  return name.includes(':') ? name : `component:default/${name}`;
}

interface StoredEntity extends GraphEntity {
  named: NamedReference[];
}

/** A catalog in memory, with both directions of each fact, as the real one stores them. */
export function graph(
  facts: Fact[],
  options: { lifecycle?: Record<string, string>; hidden?: string[] } = {},
): Map<string, StoredEntity> {
  const entities = new Map<string, StoredEntity>();
  const at = (name: string): StoredEntity => {
    const ref = full(name);
    const known = entities.get(ref);
    if (known) {
      return known;
    }
    const made: StoredEntity = {
      ref,
      kind: ref.split(':')[0],
      name: ref.split('/')[1],
      title: ref.split('/')[1],
      lifecycle: options.lifecycle?.[name] ?? 'production',
      relations: [],
      named: [],
    };
    entities.set(ref, made);
    return made;
  };
  for (const [from, relation, to] of facts) {
    at(from).relations.push({ type: relation, targetRef: full(to) });
    at(from).named.push({ field: `spec.${relation}`, ref: full(to) });
    at(to).relations.push({ type: INVERSE[relation], targetRef: full(from) });
  }
  options.hidden?.forEach(name => entities.delete(full(name)));
  return entities;
}

/** Asks the engine about a catalog in memory, and counts what it looks up. */
export async function ask(
  entities: Map<string, StoredEntity>,
  name: string,
  query: Partial<DependencyQuery> & { maxEntities?: number } = {},
) {
  const lookups: string[][] = [];
  const read = (refs: string[]) => refs.flatMap(ref => entities.get(ref) ?? []);
  const { maxEntities = 10_000, ...rest } = query;
  const whole: DependencyQuery = {
    direction: 'dependents',
    depth: 10,
    lifecycle: [],
    ...rest,
  };
  const root = entities.get(full(name));
  if (!root) {
    throw new Error(`There is no ${name} in this test`);
  }
  const source = {
    entities: async (refs: string[]) => {
      lookups.push(refs);
      return new Map(read(refs).map(entity => [entity.ref, entity]));
    },
    namedBy: async (refs: string[]) =>
      new Map(read(refs).map(entity => [entity.ref, entity.named])),
  };
  const walk = await walkDependencies(root, source, { ...whole, maxEntities });
  return { answer: toAnswer(walk, whole), lookups };
}
