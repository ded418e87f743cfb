import { Secret, UnseenKey } from './secret';

/** What the manifests of a deployment say that it needs, as the plugin for deployments tells it. */
export interface DeployedUses {
  environment: string;
  version: string;
  /** ISO 8601 */
  at: string;
  /** It was looked at before a deployment, and not deployed */
  checked?: boolean;
  references: Array<{
    /** Such as `Deployment cart` */
    object: string;
    /** Name of the Secret */
    secret: string;
    /** All that is in it, if left out */
    key?: string;
    optional: boolean;
  }>;
}

/** A key that programs cannot start without, and that is not set. */
export interface MissingKey {
  environment: string;
  key: string;
  /** What needs it, such as `Deployment cart` */
  objects: string[];
  /** The version that needs it, and where that was deployed, which may be another environment than where it lacks */
  version: string;
  deployedTo: string;
  /** It was looked at for there, and not deployed */
  checked?: boolean;
}

/**
 * Which programs use a key in an environment.
 *
 * @param secret - name of the service's Secret, which is its own name
 */
export function usersOf(
  at: { environment: string; key: string },
  secret: string,
  uses: DeployedUses[],
): string[] {
  const there = uses.find(
    one => one.environment === at.environment && !one.checked,
  );
  const names = (there?.references ?? [])
    .filter(
      one =>
        one.secret === secret && (one.key === undefined || one.key === at.key),
    )
    .map(one => one.object);
  return [...new Set(names)];
}

/**
 * What is not set and has to be: what was deployed to an environment needs it there, and so will what was last looked at
 * for it; and what was last deployed or looked at anywhere will need it elsewhere too, before it is deployed there.
 *
 * @param secret - name of the service's Secret, which is its own name
 * @param besides.unseen - what cannot be looked at: nobody knows whether it lacks
 * @param besides.provided - keys that the platform makes where the service is deployed for the first time: they lack
 * nobody before
 */
export function missingKeys(
  secret: string,
  environments: string[],
  items: Array<Pick<Secret, 'environment' | 'key' | 'state'>>,
  uses: DeployedUses[],
  besides: { unseen?: UnseenKey[]; provided?: string[] } = {},
): MissingKey[] {
  const { unseen = [], provided = [] } = besides;
  const [newest] = [...uses].sort((a, b) => b.at.localeCompare(a.at));
  return environments.flatMap(environment => {
    const there = uses.filter(one => one.environment === environment);
    const needing = [...new Set([...there, newest])].flatMap(one =>
      one ? [one] : [],
    );
    const missing = new Map<string, MissingKey>();
    for (const needs of needing) {
      const { version, environment: deployedTo, references, checked } = needs;
      for (const { object, secret: of, key, optional } of references) {
        if (of !== secret || key === undefined || optional) continue;
        const isSet = items.some(
          one =>
            one.environment === environment &&
            one.key === key &&
            one.state === 'set',
        );
        if (isSet || isUnseen({ environment, key }, unseen)) continue;
        const runsThere = deployedTo === environment && !checked;
        if (!runsThere && provided.includes(key)) continue;
        const known = missing.get(key);
        if (!known) {
          missing.set(key, {
            ...{ environment, key, objects: [object], version, deployedTo },
            ...(checked && { checked }),
          });
        } else if (
          known.deployedTo === deployedTo &&
          !known.objects.includes(object)
        ) {
          known.objects.push(object);
        }
      }
    }
    return [...missing.values()];
  });
}

/** Whether it cannot be looked at. */
export function isUnseen(
  at: { environment: string; key: string },
  unseen: UnseenKey[],
): boolean {
  return unseen.some(
    ({ environment, key }) =>
      environment === at.environment && (key === undefined || key === at.key),
  );
}

/** Why a key is missing, in words. */
export function whyMissing(missing: MissingKey): string {
  const { objects, version, environment, deployedTo, checked } = missing;
  const how = checked ? 'looked at for' : 'deployed to';
  const need = objects.length > 1 ? 'need' : 'needs';
  return `${objects.join(' and ')} of ${version} ${need} it${
    deployedTo === environment ? '' : ` (${how} ${deployedTo})`
  }`;
}
