import { z } from 'zod';
import { capabilitiesOf } from './capabilitiesOf';
import { generatedIn, policyPrefix } from './policyNames';
import { folderOf, prefixOf } from './SecretPath';
import { VaultSession } from './VaultSession';

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
  const policies = new Map<string, string>();
  for (const { name: environment } of environments) {
    const prefix = prefixOf({ service, environment });
    policies.set(
      workloadPolicy({ service, environment }, mount),
      rules({
        [`${mount}/data/${prefix}/*`]: ['read'],
        [`${mount}/metadata/${prefix}/*`]: ['read', 'list'],
      }),
    );
  }
  policies.set(
    `${policyPrefix(mount)}${folderOf(service)}.owners`,
    rules(ofOwners({ service, environments }, mount)),
  );
  return policies;
}

/**
 * What groups and people may, by the name of their policy: of each service that is theirs, what its owners may.
 *
 * @param services - with the reference of the owner; nobody's are left out
 */
export function policiesOfOwners(
  services: Array<ServicePrefixes & { owner: string | undefined }>,
  mount: string,
): Map<string, string> {
  const byName = new Map<string, Record<string, string[]>>();
  for (const service of services) {
    if (!service.owner) continue;
    const name = `${policyPrefix(mount)}${folderOf(service.owner)}.owned`;
    const known = byName.get(name) ?? {};
    byName.set(name, Object.assign(known, ofOwners(service, mount)));
  }
  return new Map([...byName].map(([name, all]) => [name, rules(all)]));
}

function ofOwners(
  { service, environments }: ServicePrefixes,
  mount: string,
): Record<string, string[]> {
  const capabilities: Record<string, string[]> = {};
  for (const { name: environment, production } of environments) {
    const prefix = prefixOf({ service, environment });
    capabilities[`${mount}/data/${prefix}/*`] = production
      ? ['create', 'update']
      : ['create', 'read', 'update'];
    capabilities[`${mount}/metadata/${prefix}/*`] = ['read', 'list'];
  }
  return capabilities;
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
  readonly #mount: string;

  /** @param mount - of the engine whose policies they are */
  constructor(session: VaultSession, mount: string) {
    this.#session = session;
    this.#mount = mount;
  }

  /** What its own token may do with paths. @throws VaultError */
  async capabilities(paths: string[]): Promise<Map<string, string[]>> {
    return capabilitiesOf(this.#session, paths);
  }

  /**
   * Names of the generated ones that are there.
   *
   * @returns also those that may be such by an earlier name, and may as well be another engine's
   */
  async list(): Promise<{ ours: string[]; suspects: string[] }> {
    const answer = await this.#session.ask({
      method: 'LIST',
      path: 'sys/policies/acl',
      what: 'list policies',
    });
    const names =
      answer === undefined ? [] : listSchema.parse(answer).data.keys;
    return generatedIn(names, this.#mount);
  }

  /** @returns nothing where there is none */
  async read(name: string): Promise<string | undefined> {
    return readPolicy(this.#session, name);
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

/** @returns what a policy lets, as Vault has it; nothing where there is none */
export async function readPolicy(
  session: VaultSession,
  name: string,
): Promise<string | undefined> {
  const answer = await session.ask({
    method: 'GET',
    path: pathOf(name),
    what: `read the policy ${name}`,
  });
  return answer === undefined
    ? undefined
    : policySchema.parse(answer).data.policy;
}

function pathOf(name: string): string {
  return `sys/policies/acl/${name}`;
}
