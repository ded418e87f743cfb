import { VaultRole } from './VaultSettings';

/** What a policy of Vault lets, by path. */
export type Rules = Record<string, string[]>;

/** What the names of policies and roles of services begin with. */
const OF_SERVICES = 'highroad-service-*';

/**
 * What the platform itself may do in Vault, by its role: what writes does not read, what reads does nothing else, and none of
 * them destroys. Whoever administers Vault gives them, since the platform must not say what it may itself.
 *
 * @param mount - of the engine with the secrets
 * @param methods - where the methods are by which programs of services sign in
 */
export function platformPolicies(
  mount: string,
  methods: string[] = [],
): Record<VaultRole, Rules> {
  const reads: Rules = {
    [`${mount}/data/*`]: ['read'],
    [`${mount}/metadata/*`]: ['read', 'list'],
  };
  const kept = ['create', 'read', 'update', 'delete'];
  return {
    write: {
      [`${mount}/data/*`]: ['create', 'update'],
      [`${mount}/delete/*`]: ['create', 'update'],
      [`${mount}/undelete/*`]: ['create', 'update'],
      [`${mount}/metadata/*`]: ['create', 'read', 'update', 'list'],
      // What fingerprints are keyed with.
      [`${mount}/data/_highroad/*`]: ['create', 'read'],
    },
    reveal: reads,
    sync: reads,
    policies: {
      'sys/policies/acl': ['list'],
      [`sys/policies/acl/${OF_SERVICES}`]: kept,
      ...Object.fromEntries(
        methods.flatMap(method => [
          [`auth/${method}/role`, ['list']],
          [`auth/${method}/role/${OF_SERVICES}`, kept],
        ]),
      ),
    },
  };
}

/** A policy as Vault takes it. */
export function policyText(rules: Rules): string {
  return Object.entries(rules)
    .map(
      ([path, capabilities]) =>
        `path "${path}" { capabilities = ${JSON.stringify(capabilities)} }`,
    )
    .join('\n');
}

/** What is tried to see whether a role may do what it is to do, and no more. */
export interface Probe {
  path: string;
  /** None, where it is to do nothing */
  wanted: string[];
}

/**
 * Paths that a role is to reach, and others that it is not: values, metadata, and what deletes, puts back and destroys versions,
 * of a service that there is not in each environment.
 */
export function probesOf(
  rules: Rules,
  { mount, environments }: { mount: string; environments: string[] },
): Probe[] {
  const ofKeys = environments.flatMap(environment =>
    ['data', 'metadata', 'delete', 'undelete', 'destroy'].map(below => ({
      path: `${mount}/${below}/${environment}/highroad-probe/PROBE`,
      wanted: rules[`${mount}/${below}/*`] ?? [],
    })),
  );
  const others = Object.entries(rules)
    .filter(([path]) => !ofKeys.some(one => covers(path, one.path)))
    .map(([path, wanted]) => ({ path: path.replace(/\*$/, 'probe'), wanted }));
  return [
    ...ofKeys,
    ...others,
    { path: 'sys/mounts/highroad-probe', wanted: [] },
  ];
}

function covers(path: string, one: string): boolean {
  return path.endsWith('*') ? one.startsWith(path.slice(0, -1)) : one === path;
}
