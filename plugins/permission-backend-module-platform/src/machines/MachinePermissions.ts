import {
  AuthService,
  PermissionsService,
  PermissionsServiceRequestOptions,
} from '@backstage/backend-plugin-api';
import {
  AuthorizePermissionRequest,
  AuthorizeResult,
  DefinitivePolicyDecision,
  isResourcePermission,
  Permission,
  PolicyDecision,
  QueryPermissionRequest,
} from '@backstage/plugin-permission-common';
import { MachineAccess } from '@highroad/plugin-platform-node';
import { everyoneReads } from '../policy/everyone';
import { machineIn } from './machineIn';

/**
 * The permissions service, with an answer of its own for tokens of machines. Backstage allows those everything that
 * their `accessRestrictions` do not forbid, in all its plugins; here they may read what everyone reads, do what the
 * configuration names, to the services that it names, and nothing else. One that is not named is refused with an error
 * that says so.
 */
export class MachinePermissions implements PermissionsService {
  readonly #inner: PermissionsService;
  readonly #auth: AuthService;
  readonly #machines: MachineAccess;

  constructor(options: {
    inner: PermissionsService;
    auth: AuthService;
    machines: MachineAccess;
  }) {
    this.#inner = options.inner;
    this.#auth = options.auth;
    this.#machines = options.machines;
  }

  async authorize(
    requests: AuthorizePermissionRequest[],
    options: PermissionsServiceRequestOptions,
  ): Promise<DefinitivePolicyDecision[]> {
    const subject = this.#machineIn(options);
    const allowed = await this.#inner.authorize(requests, options);
    if (!subject) return allowed;
    return requests.map((request, at) => {
      const resource =
        'resourceRef' in request ? request.resourceRef : undefined;
      return both(
        allowed[at],
        this.#decide(subject, request.permission, resource),
      );
    });
  }

  async authorizeConditional(
    requests: QueryPermissionRequest[],
    options: PermissionsServiceRequestOptions,
  ): Promise<PolicyDecision[]> {
    const subject = this.#machineIn(options);
    const allowed = await this.#inner.authorizeConditional(requests, options);
    if (!subject) return allowed;
    return requests.map(({ permission }, at) => {
      const decided = this.#decide(subject, permission, undefined);
      return decided === AuthorizeResult.ALLOW
        ? allowed[at]
        : { result: decided };
    });
  }

  #machineIn({
    credentials,
  }: PermissionsServiceRequestOptions): string | undefined {
    const [auth, machines] = [this.#auth, this.#machines];
    return machineIn(credentials, { auth, machines });
  }

  #decide(
    subject: string,
    permission: Permission,
    resource: string | undefined,
  ): DefinitivePolicyDecision['result'] {
    const scope = this.#machines.scope(subject);
    // A denial would be shown as an empty list, which looks as if there were nothing.
    if (!scope) throw this.#machines.refusal(subject);
    if (everyoneReads.some(one => one.name === permission.name)) {
      return AuthorizeResult.ALLOW;
    }
    if (!scope.mayDo(permission.name)) return AuthorizeResult.DENY;
    if (!scope.services) return AuthorizeResult.ALLOW;
    // What is about no service in particular is about all of them.
    return isResourcePermission(permission) &&
      resource &&
      scope.mayTouch(resource)
      ? AuthorizeResult.ALLOW
      : AuthorizeResult.DENY;
  }
}

function both(
  one: DefinitivePolicyDecision,
  other: DefinitivePolicyDecision['result'],
): DefinitivePolicyDecision {
  return one.result === AuthorizeResult.ALLOW
    ? { result: other }
    : { result: AuthorizeResult.DENY };
}
