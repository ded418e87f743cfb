import { z } from 'zod';
import { earlierPrefixes } from './policyNames';

const rulesSchema = z
  .object({
    path: z.record(
      z.object({ capabilities: z.array(z.string()).min(1) }).strict(),
    ),
  })
  .strict();
const POSSIBLE = new Set(['create', 'list', 'read', 'update']);

/**
 * Whether a policy was generated for an engine under an earlier name: it is written as they are, lets nothing but what they
 * let, all of it in this engine, and is called as it was called for just that.
 *
 * @param policy - as Vault has it
 */
export function isEarlier(
  name: string,
  policy: string,
  mount: string,
): boolean {
  const rules = rulesIn(policy);
  if (!rules) return false;
  const places: Array<{ environment: string; folder: string }> = [];
  for (const [path, { capabilities }] of Object.entries(rules)) {
    const place = placeIn(path, mount);
    if (!place || !capabilities.every(one => POSSIBLE.has(one))) return false;
    places.push(place);
  }
  const [first] = places;
  if (!first) return false;
  const isOfOne = places.every(({ folder }) => folder === first.folder);
  return earlierPrefixes(mount).some(prefix => {
    const called = (rest: string) => name === `${prefix}${rest}`.toLowerCase();
    const { environment, folder } = first;
    const isWorkload =
      isOfOne &&
      places.every(one => one.environment === environment) &&
      called(`${folder}.${environment}.workload`);
    const isOwners = isOfOne && called(`${folder}.owners`);
    const isOwned = name.startsWith(prefix) && /[^.]\.owned$/.test(name);
    return isWorkload || isOwners || isOwned;
  });
}

function rulesIn(policy: string) {
  try {
    const read = rulesSchema.safeParse(JSON.parse(policy));
    return read.success ? read.data.path : undefined;
  } catch {
    // In a language that is not generated.
    return undefined;
  }
}

/** @returns the environment and the service's folder that a rule is about; nothing for one of another engine or shape */
function placeIn(path: string, mount: string) {
  for (const below of ['data', 'metadata']) {
    const beginning = `${mount}/${below}/`;
    if (!path.startsWith(beginning)) continue;
    const [environment, folder, end, ...more] = path
      .slice(beginning.length)
      .split('/');
    const isWhole = environment && folder && end === '*' && more.length === 0;
    if (isWhole) return { environment, folder };
  }
  return undefined;
}
