import { z } from 'zod';
import { folderOf } from './SecretPath';
import { isOfEngine, policyPrefix, workloadPolicy } from './ServicePolicies';
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
 * What the role is called by which programs sign in. Roles' names may hold no ":", and names of services no "..".
 *
 * @param mount - of the engine with the secrets
 */
export function roleName(
  place: Omit<WorkloadPlace, 'namespace'>,
  mount: string,
): string {
  const folder = folderOf(place.service).replace(/:/g, '..');
  return `${policyPrefix(mount)}${folder}.${place.environment}`;
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

  /** Names of the generated ones that are there. */
  async list(): Promise<string[]> {
    const answer = await this.#session.ask({
      method: 'LIST',
      path: `auth/${this.#auth}/role`,
      what: `list the roles of auth/${this.#auth}`,
    });
    if (answer === undefined) return [];
    return listSchema
      .parse(answer)
      .data.keys.filter(name => isOfEngine(name, this.#mount));
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
    const answer = await this.#session.ask({
      method: 'GET',
      path: this.#path(name),
      what: `read the role ${name}`,
    });
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
