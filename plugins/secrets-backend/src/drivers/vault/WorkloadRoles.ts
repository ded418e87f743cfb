import { z } from 'zod';
import { folderOf } from './SecretPath';
import { isEarlier } from './earlierNames';
import {
  earlierPrefixes,
  generatedIn,
  policyPrefix,
  roleFolder,
} from './policyNames';
import { readPolicy, workloadPolicy } from './ServicePolicies';
import { VaultSession } from './VaultSession';

const listSchema = z.object({ data: z.object({ keys: z.array(z.string()) }) });
const roleSchema = z.object({
  bound_service_account_names: z.array(z.string()),
  bound_service_account_namespaces: z.array(z.string()),
  token_no_default_policy: z.boolean(),
  token_policies: z.array(z.string()),
  token_ttl: z.number(),
});
type Role = z.output<typeof roleSchema>;

/** How long what a program signs in for lasts, in seconds. Programs renew it, or sign in again. */
const TTL_SECONDS = 1200;

/** Where programs of a service run. */
export interface WorkloadPlace {
  service: string;
  environment: string;
  namespace: string;
}

/**
 * What the role is called by which programs sign in.
 *
 * @param mount - of the engine with the secrets
 */
export function roleName(
  place: Omit<WorkloadPlace, 'namespace'>,
  mount: string,
): string {
  return `${policyPrefix(mount)}${restOf(place)}`;
}

function restOf(place: Omit<WorkloadPlace, 'namespace'>): string {
  return `${roleFolder(folderOf(place.service))}.${place.environment}`;
}

/** Roles of Vault's Kubernetes method, by which programs sign in as what their namespace is of. */
export class WorkloadRoles {
  readonly #session: VaultSession;
  readonly #auth: string;
  readonly #mount: string;

  /**
   * @param options.auth - where the method is
   * @param options.mount - of the engine with the secrets
   */
  constructor(options: { session: VaultSession; auth: string; mount: string }) {
    this.#session = options.session;
    this.#auth = options.auth;
    this.#mount = options.mount;
  }

  /**
   * Names of the generated ones that are there.
   *
   * @returns also those that may be such by an earlier name, and may as well be another engine's
   */
  async list(): Promise<{ ours: string[]; suspects: string[] }> {
    const answer = await this.#session.ask({
      method: 'LIST',
      path: `auth/${this.#auth}/role`,
      what: `list the roles of auth/${this.#auth}`,
    });
    const names =
      answer === undefined ? [] : listSchema.parse(answer).data.keys;
    return generatedIn(names, this.#mount);
  }

  /**
   * Whether a role was made for this engine when names were others: what it lets was, or, where that policy is removed already, it is
   * called, and bound, as one of these places was.
   *
   * @param places - where services are, or were
   */
  async isEarlier(name: string, places: WorkloadPlace[]): Promise<boolean> {
    const found = z
      .object({ data: roleSchema })
      .safeParse(await this.#read(name));
    if (!found.success) return false;
    const { bound_service_account_namespaces: namespaces, token_policies } =
      found.data.data;
    const [policy] = token_policies;
    const isAsMade =
      token_policies.length === 1 &&
      namespaces.length === 1 &&
      policy === `${name}.workload`;
    if (!isAsMade) return false;
    const text = await readPolicy(this.#session, policy);
    if (text !== undefined) return isEarlier(policy, text, this.#mount);
    return places.some(
      place =>
        place.namespace === namespaces[0] &&
        earlierPrefixes(this.#mount).some(
          prefix => name === `${prefix}${restOf(place)}`.toLowerCase(),
        ),
    );
  }

  /** Has programs of this namespace, and no others, sign in for what is the service's there. */
  async keep(place: WorkloadPlace): Promise<void> {
    const name = roleName(place, this.#mount);
    const wanted: Role = {
      // Whoever may run something in the namespace may read its Secret too.
      bound_service_account_names: ['*'],
      bound_service_account_namespaces: [place.namespace],
      token_no_default_policy: true,
      token_policies: [workloadPolicy(place, this.#mount)],
      token_ttl: TTL_SECONDS,
    };
    const answer = await this.#read(name);
    const found = z.object({ data: roleSchema }).safeParse(answer);
    if (found.success && isSame(found.data.data, wanted)) return;
    await this.#session.ask({
      method: 'POST',
      path: this.#path(name),
      body: wanted,
      what: `write the role ${name}`,
    });
  }

  async remove(name: string): Promise<void> {
    await this.#session.ask({
      method: 'DELETE',
      path: this.#path(name),
      what: `remove the role ${name}`,
    });
  }

  #read(name: string): Promise<unknown> {
    return this.#session.ask({
      method: 'GET',
      path: this.#path(name),
      what: `read the role ${name}`,
    });
  }

  #path(name: string): string {
    return `auth/${this.#auth}/role/${name}`;
  }
}

/** Both have been read by the schema or written by it, in one order. */
function isSame(one: Role, other: Role): boolean {
  const keys = Object.keys(roleSchema.shape) as Array<keyof Role>;
  return keys.every(
    key => JSON.stringify(one[key]) === JSON.stringify(other[key]),
  );
}
