import {
  AuthService,
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { AuthenticationError, NotAllowedError } from '@backstage/errors';
import {
  AuthorizeResult,
  isResourcePermission,
  Permission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  Operation,
  permissionsFor,
  Target,
} from '@highroad/plugin-platform-common';
import { authorizeMany } from './authorizeMany';
import { MachineAccess, MachineScope } from './MachineAccess';

const ALLOW: PolicyDecision = { result: AuthorizeResult.ALLOW };

/** Says whether somebody may do something. All doors ask here. */
export class Gate {
  readonly #auth: AuthService;
  readonly #permissions: PermissionsService;
  readonly #machines: MachineAccess;

  constructor(options: {
    auth: AuthService;
    permissions: PermissionsService;
    machines: MachineAccess;
  }) {
    this.#auth = options.auth;
    this.#permissions = options.permissions;
    this.#machines = options.machines;
  }

  /**
   * Lets pass or throws.
   *
   * @returns for a filtered operation what may be seen of the list; otherwise always ALLOW
   * @throws AuthenticationError for nobody, NotAllowedError that says what was asked, of what, and who is asked instead
   */
  async pass(
    operation: Operation,
    target: Target,
    credentials: BackstageCredentials,
  ): Promise<PolicyDecision> {
    if (this.#auth.isPrincipal(credentials, 'user')) {
      return this.#passUser(operation, target, credentials);
    }
    if (this.#auth.isPrincipal(credentials, 'service')) {
      const { subject } = credentials.principal;
      const scope = this.#machines.scope(subject);
      if (scope) return passMachine(operation, target, scope, subject);
      if (!this.#machines.isOutside(subject)) {
        return passPlugin(operation, subject);
      }
      throw this.#machines.refusal(subject);
    }
    throw new AuthenticationError('Sign in first.');
  }

  /**
   * On which of these resources somebody may do something. For a machine that is limited to services, resources are services.
   *
   * @param operation - whose permission is decided on resources
   * @param references - each once
   */
  async allowed(
    operation: Operation,
    references: string[],
    credentials: BackstageCredentials,
  ): Promise<string[]> {
    if (this.#auth.isPrincipal(credentials, 'service')) {
      const scope = this.#machines.scope(credentials.principal.subject);
      // Backstage itself allows tokens of machines everything.
      if (scope) return references.filter(ref => scope.mayTouch(ref));
    }
    const [permission] = permissionsFor(operation);
    if (!permission || !isResourcePermission(permission)) return [];
    const decisions = await authorizeMany(
      this.#permissions,
      references.map(resourceRef => ({ permission, resourceRef })),
      { credentials },
    );
    return references.filter(
      (_, at) => decisions[at].result === AuthorizeResult.ALLOW,
    );
  }

  async #passUser(
    operation: Operation,
    target: Target,
    credentials: BackstageCredentials,
  ): Promise<PolicyDecision> {
    const { access } = operation;
    if (access === 'signed-in') return ALLOW;
    if ('filtered' in access) {
      const { permission } = access;
      const decision = await this.#decideOnList(permission, credentials);
      if (decision.result !== AuthorizeResult.DENY) return decision;
      throw new NotAllowedError(refusal(operation, permission, target));
    }
    for (const permission of permissionsFor(operation)) {
      const { result } = await this.#decide(
        ...([operation, permission, target, credentials] as const),
      );
      if (result === AuthorizeResult.ALLOW) continue;
      throw new NotAllowedError(refusal(operation, permission, target));
    }
    return ALLOW;
  }

  async #decideOnList(
    permission: Permission,
    credentials: BackstageCredentials,
  ): Promise<PolicyDecision> {
    if (!isResourcePermission(permission)) {
      const [decision] = await this.#permissions.authorize([{ permission }], {
        credentials,
      });
      return definitive(decision.result);
    }
    const [decision] = await this.#permissions.authorizeConditional(
      [{ permission }],
      { credentials },
    );
    return decision.result === AuthorizeResult.CONDITIONAL
      ? decision
      : definitive(decision.result);
  }

  async #decide(
    operation: Operation,
    permission: Permission,
    target: Target,
    credentials: BackstageCredentials,
  ): Promise<PolicyDecision> {
    if (!isResourcePermission(permission)) {
      const [decision] = await this.#permissions.authorize([{ permission }], {
        credentials,
      });
      return definitive(decision.result);
    }
    const resourceRef = target.resource ?? target.service;
    if (!resourceRef) {
      throw new TypeError(
        `${operation.plugin}.${operation.name} does not say what ${permission.name} is decided on`,
      );
    }
    const [decision] = await this.#permissions.authorize(
      [{ permission, resourceRef }],
      { credentials },
    );
    return definitive(decision.result);
  }
}

/** Only a plain ALLOW lets pass. */
function definitive(result: AuthorizeResult): PolicyDecision {
  return result === AuthorizeResult.ALLOW
    ? ALLOW
    : { result: AuthorizeResult.DENY };
}

/**
 * Plugins of this backend read for themselves, as the search index does, and do what an operation names them for. For
 * people they act with these people's rights.
 */
function passPlugin(operation: Operation, subject: string): PolicyDecision {
  const { access, http, plugins = [] } = operation;
  if (plugins.some(id => subject === `plugin:${id}`)) return ALLOW;
  const reads =
    access === 'signed-in'
      ? http.method === 'GET'
      : permissionsFor(operation).every(
          ({ attributes }) => attributes.action === 'read',
        );
  if (reads) return ALLOW;
  throw new NotAllowedError(
    `A plugin may not ${operation.summary} on its own behalf, only on a person's.`,
  );
}

function passMachine(
  operation: Operation,
  target: Target,
  scope: MachineScope,
  subject: string,
): PolicyDecision {
  const { access } = operation;
  if (access === 'signed-in') return ALLOW;
  const { permission } = access;
  const no = (why: string) =>
    new NotAllowedError(
      `This token (${subject}) may not ${operation.summary}: ${why}. What it may do stands under platform.access.machines.`,
    );
  const lacking = permissionsFor(operation).find(
    ({ name }) => !scope.mayDo(name),
  );
  if (lacking) throw no(`its operations do not name ${lacking.name}`);
  const { service, environment, environments = [] } = target;
  if (service && !scope.mayTouch(service)) {
    throw no(`its services do not name ${service}`);
  }
  for (const name of [...environments, ...(environment ? [environment] : [])]) {
    if (!scope.mayEnter(name)) {
      throw no(`its environments do not name ${name}`);
    }
  }
  if (!scope.services) return ALLOW;
  if (
    'filtered' in access &&
    access.filtered !== true &&
    isResourcePermission(permission)
  ) {
    return {
      result: AuthorizeResult.CONDITIONAL,
      pluginId: operation.plugin,
      resourceType: permission.resourceType,
      conditions: access.filtered(scope.services),
    };
  }
  // What is about no service in particular is about all of them; looking is not limited to them.
  const looks = permission.attributes.action === 'read';
  if (!service && !looks) throw no('it is limited to some services');
  return ALLOW;
}

function refusal(
  operation: Operation,
  permission: Permission,
  target: Target,
): string {
  const environments = target.environments?.join(' and ');
  const where = [
    target.service && `of ${target.service}`,
    (target.environment || environments) &&
      `in ${target.environment ?? environments}`,
  ]
    .filter(Boolean)
    .join(' ');
  const who = target.service
    ? 'Its owners and the platform team may.'
    : 'Ask the platform team.';
  return `You may not ${operation.summary}${where && ` (${where})`}: it takes ${
    permission.name
  }. ${who}`;
}
