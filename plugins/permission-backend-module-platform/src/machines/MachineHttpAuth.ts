import {
  AuthService,
  BackstageCredentials,
  BackstagePrincipalTypes,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { MachineAccess } from '@highroad/plugin-platform-node';
import { isForPlugins, isOfTasks } from './innerPaths';
import { machineIn } from './machineIn';

/**
 * The HTTP authentication service, which keeps tokens of machines out of what plugins of the backend ask each other.
 * Backstage takes such a token for a plugin there, and asks for no permission: whoever has one could notify everybody,
 * and publish events that others believe, and start tasks. A token that is not named may do nothing, and is told so here: what asks other
 * plugins for it, as MCP does, would only find nothing.
 */
export class MachineHttpAuth implements HttpAuthService {
  readonly #inner: HttpAuthService;
  readonly #auth: AuthService;
  readonly #machines: MachineAccess;

  constructor(options: {
    inner: HttpAuthService;
    auth: AuthService;
    machines: MachineAccess;
  }) {
    this.#inner = options.inner;
    this.#auth = options.auth;
    this.#machines = options.machines;
  }

  async credentials<TAllowed extends keyof BackstagePrincipalTypes = 'unknown'>(
    request: Parameters<HttpAuthService['credentials']>[0],
    options?: { allow?: Array<TAllowed>; allowLimitedAccess?: boolean },
  ): Promise<BackstageCredentials<BackstagePrincipalTypes[TAllowed]>> {
    const credentials = await this.#inner.credentials(request, options);
    const allowed: Array<keyof BackstagePrincipalTypes> = options?.allow ?? [];
    // A request that is to become a connection is none of Express's.
    const path = request.path ?? '';
    const forPlugins =
      (allowed.length > 0 && allowed.every(isService)) || isForPlugins(path);
    this.#checkMachine(credentials, { forPlugins });
    if (isOfTasks(path) && this.#auth.isPrincipal(credentials, 'user')) {
      throw new NotAllowedError(
        'Scheduled tasks of the backend run by themselves. Nobody starts or stops them from outside.',
      );
    }
    return credentials;
  }

  issueUserCookie(
    ...args: Parameters<HttpAuthService['issueUserCookie']>
  ): ReturnType<HttpAuthService['issueUserCookie']> {
    return this.#inner.issueUserCookie(...args);
  }

  #checkMachine(
    credentials: BackstageCredentials,
    { forPlugins }: { forPlugins: boolean },
  ): void {
    const subject = machineIn(credentials, {
      auth: this.#auth,
      machines: this.#machines,
    });
    if (!subject) return;
    if (!this.#machines.scope(subject)) throw this.#machines.refusal(subject);
    if (!forPlugins) return;
    throw new NotAllowedError(
      `This token (${subject}) may not ask this: only plugins of the backend may, each other.`,
    );
  }
}

function isService(principal: keyof BackstagePrincipalTypes): boolean {
  return principal === 'service';
}
