import {
  platformPolicies,
  policyText,
  Probe,
  probesOf,
  Rules,
} from '../drivers/vault/platformPolicies';
import { VaultRole } from '../drivers/vault/VaultSettings';
import { withoutValues } from '../withoutValues';

/** What was found is believed this long, in milliseconds: whoever looks at a page asks for it. */
const FRESH_MS = 60_000;
/** So many paths are named of a role. */
const MOST_NAMED = 3;

/** What a role's token may do, by path; `root` may do all. */
export type Capabilities = (
  role: VaultRole,
  paths: string[],
) => Promise<Map<string, string[]>>;

/** A role that may not do what it has to, or may do more. */
export interface RoleFinding {
  /** In words */
  message: string;
  /** The policy that it is to have, as Vault takes it */
  policy: string;
}

/** Compares what the platform's roles in Vault may do with what they have to. */
export class RoleCheck {
  readonly #capabilities: Capabilities;
  readonly #environments: string[];
  readonly #mount: string;
  readonly #now: () => Date;
  readonly #policies: Array<{ role: VaultRole; rules: Rules }>;
  #found: { findings: Promise<RoleFinding[]>; at: number } | undefined;

  /**
   * @param options.methods - where programs of services sign in
   * @param options.roles - those that are configured
   */
  constructor(options: {
    capabilities: Capabilities;
    environments: string[];
    methods: string[];
    mount: string;
    now: () => Date;
    roles: VaultRole[];
  }) {
    this.#capabilities = options.capabilities;
    this.#environments = options.environments;
    this.#mount = options.mount;
    this.#now = options.now;
    const all = platformPolicies(options.mount, options.methods);
    this.#policies = options.roles.map(role => ({ role, rules: all[role] }));
  }

  /** Where Vault does not say what a role may do, that is a finding too. */
  findings(): Promise<RoleFinding[]> {
    const at = this.#now().getTime();
    if (!this.#found || at - this.#found.at >= FRESH_MS) {
      this.#found = { at, findings: this.#look() };
    }
    return this.#found.findings;
  }

  async #look(): Promise<RoleFinding[]> {
    const all = await Promise.all(
      this.#policies.map(async ({ role, rules }) =>
        (
          await this.#compare(role, rules)
        ).map(message => ({ message, policy: policyText(rules) })),
      ),
    );
    return all.flat();
  }

  async #compare(role: VaultRole, rules: Rules): Promise<string[]> {
    const probes = probesOf(rules, {
      ...{ mount: this.#mount, environments: this.#environments },
    });
    const paths = probes.map(({ path }) => path);
    let found: Map<string, string[]>;
    try {
      found = await this.#capabilities(role, paths);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return [
        `What the role "${role}" may do in Vault could not be compared with what it has to: ${withoutValues(
          why,
        )}`,
      ];
    }
    if ([...found.values()].some(some => some.includes('root'))) {
      return [
        `The token of the role "${role}" is root's, and may do everything in Vault. Give it the policy in docs/reference/secrets.md alone.`,
      ];
    }
    const differences = probes.map(probe => difference(probe, found));
    const lacks = differences.flatMap(one => one.lacks);
    const more = differences.flatMap(one => one.more);
    return [
      ...(lacks.length > 0
        ? [
            `The role "${role}" may not ${named(
              lacks,
            )}, which the platform needs. Compare its policy with docs/reference/secrets.md.`,
          ]
        : []),
      ...(more.length > 0
        ? [
            `The role "${role}" may also ${named(
              more,
            )}, which the platform does not need. Compare its policy with docs/reference/secrets.md.`,
          ]
        : []),
    ];
  }
}

function difference(
  { path, wanted }: Probe,
  found: Map<string, string[]>,
): { lacks: string[]; more: string[] } {
  const may = (found.get(path) ?? []).filter(one => one !== 'deny');
  const words = (some: string[]) =>
    some.length > 0 ? [`${some.join(', ')} ${path}`] : [];
  return {
    lacks: words(wanted.filter(one => !may.includes(one))),
    more: words(may.filter(one => !wanted.includes(one))),
  };
}

function named(some: string[]): string {
  const more = some.length - MOST_NAMED;
  const first = some.slice(0, MOST_NAMED).join('; ');
  return more > 0 ? `${first}; and ${more} more` : first;
}
