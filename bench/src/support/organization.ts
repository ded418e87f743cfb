import { Entity } from '@backstage/catalog-model';

const LOCATION = 'url:https://git.example.com/acme/all/catalog-info.yaml';

/** A label that the bench's policy hides things by. */
export const HIDDEN_LABEL = 'bench.example.com/hidden';

/** Numbers that look random and are the same in every run (a linear congruential generator, Numerical Recipes). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * An organisation of a given size: of ten entities, seven are components, two are APIs and one is a database.
 * Components stand in four tiers; each consumes up to three APIs of lower tiers, the popular ones more often
 * (a third goes to the first twentieth), and every second one has a database. One in twenty is hidden.
 */
export function organization(size: number): Entity[] {
  const random = createRandom(size);
  const components = Math.floor(size * 0.7);
  const apis = Math.floor(size * 0.2);
  const databases = size - components - apis;
  const tierOf = (component: number) =>
    Math.min(3, Math.floor((component * 4) / components));
  const providerOf = (api: number) => providerOfApi(size, api);

  const pickApi = (below: number): number | undefined => {
    const open = Math.floor((below * apis) / 4);
    if (open === 0) return undefined;
    const range = random() < 1 / 3 ? Math.ceil(open / 20) : open;
    return Math.floor(random() * range);
  };

  const entities: Entity[] = [];
  for (let i = 0; i < components; i++) {
    const consumed = new Set<string>();
    for (let n = Math.floor(random() * 4); n > 0; n--) {
      const api = pickApi(tierOf(i));
      if (api !== undefined) consumed.add(`api:default/api-${api}`);
    }
    entities.push(
      entity('Component', `component-${i}`, random() < 0.05, {
        type: 'service',
        lifecycle: 'production',
        owner: `group:default/team-${i % 50}`,
        consumesApis: [...consumed],
        dependsOn:
          i % 2 === 0
            ? [
                `resource:default/db-${Math.floor(
                  (i * databases) / components,
                )}`,
              ]
            : [],
      }),
    );
  }
  for (let i = 0; i < databases; i++) {
    entities.push(
      entity('Resource', `db-${i}`, false, {
        type: 'database',
        owner: `group:default/team-${i % 50}`,
      }),
    );
  }
  for (let i = 0; i < apis; i++) {
    const provider = entities[providerOf(i)];
    provider.spec = { ...provider.spec, providesApis: [`api-${i}`] };
    entities.push(
      entity('API', `api-${i}`, false, {
        type: 'openapi',
        lifecycle: 'production',
        owner: `group:default/team-${i % 50}`,
        definition: 'openapi: 3.0.0',
      }),
    );
  }
  return entities;
}

/** The component that provides an API. The first APIs are the popular ones. */
export function providerOfApi(size: number, api: number): number {
  return Math.floor((api * Math.floor(size * 0.7)) / Math.floor(size * 0.2));
}

function entity(
  kind: string,
  name: string,
  hidden: boolean,
  spec: Entity['spec'],
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: {
      name,
      annotations: {
        'backstage.io/managed-by-location': LOCATION,
        'backstage.io/managed-by-origin-location': LOCATION,
      },
      labels: hidden ? { [HIDDEN_LABEL]: 'true' } : {},
    },
    spec,
  };
}
