import { z } from 'zod';
import { folderOf, prefixOf } from './SecretPath';
import { VaultSession } from './VaultSession';

/** What the names of all generated policies begin with; those of others are left alone. */
export function policyPrefix(mount: string): string {
  return `highroad-service-${mount.replace(/\//g, '.')}.`;
}

/** Name of the policy for a service's programs in an environment. */
export function workloadPolicy(
  { service, environment }: { service: string; environment: string },
  mount: string,
): string {
  return `${policyPrefix(mount)}${folderOf(service)}.${environment}.workload`;
}

const listSchema = z.object({ data: z.object({ keys: z.array(z.string()) }) });
const policySchema = z.object({ data: z.object({ policy: z.string() }) });

/** A service, and the environments in which it has secrets. */
export interface ServicePrefixes {
  service: string;
  environments: Array<{ name: string; production: boolean }>;
}

/**
 * The policies of a service, by name: one for its workloads in each environment, which reads what is that
 * environment's, and one for its owners, which writes everywhere and reads outside of production. Names of environments
 * hold no dot, so that no two services share a name of a policy.
 */
export function policiesOf(
  { service, environments }: ServicePrefixes,
  mount: string,
): Map<string, string> {
  const prefixed = `${policyPrefix(mount)}${folderOf(service)}`;
  const policies = new Map<string, string>();
  const ofOwners: Record<string, string[]> = {};
  for (const { name: environment, production } of environments) {
    const prefix = prefixOf({ service, environment });
    policies.set(
      workloadPolicy({ service, environment }, mount),
      rules({
        [`${mount}/data/${prefix}/*`]: ['read'],
        [`${mount}/metadata/${prefix}/*`]: ['read', 'list'],
      }),
    );
    ofOwners[`${mount}/data/${prefix}/*`] = production
      ? ['create', 'update']
      : ['create', 'read', 'update'];
    ofOwners[`${mount}/metadata/${prefix}/*`] = ['read', 'list'];
  }
  policies.set(`${prefixed}.owners`, rules(ofOwners));
  return policies;
}

function rules(capabilities: Record<string, string[]>): string {
  return JSON.stringify({
    path: Object.fromEntries(
      Object.entries(capabilities).map(([path, some]) => [
        path,
        { capabilities: some },
      ]),
    ),
  });
}

/** Policies in Vault, as the role that may change the generated ones. */
export class ServicePolicies {
  readonly #session: VaultSession;
  readonly #prefix: string;

  /** @param mount - of the engine whose policies they are */
  constructor(session: VaultSession, mount: string) {
    this.#session = session;
    this.#prefix = policyPrefix(mount);
  }

  /** Names of the generated ones that are there. */
  async list(): Promise<string[]> {
    const answer = await this.#session.ask({
      method: 'LIST',
      path: 'sys/policies/acl',
      what: 'list policies',
    });
    if (answer === undefined) return [];
    return listSchema
      .parse(answer)
      .data.keys.filter(name => name.startsWith(this.#prefix));
  }

  async read(name: string): Promise<string | undefined> {
    const answer = await this.#session.ask({
      method: 'GET',
      path: pathOf(name),
      what: `read the policy ${name}`,
    });
    return answer === undefined
      ? undefined
      : policySchema.parse(answer).data.policy;
  }

  async write(name: string, policy: string): Promise<void> {
    await this.#session.ask({
      method: 'POST',
      path: pathOf(name),
      body: { policy },
      what: `write the policy ${name}`,
    });
  }

  async remove(name: string): Promise<void> {
    await this.#session.ask({
      method: 'DELETE',
      path: pathOf(name),
      what: `remove the policy ${name}`,
    });
  }
}

function pathOf(name: string): string {
  return `sys/policies/acl/${name}`;
}
