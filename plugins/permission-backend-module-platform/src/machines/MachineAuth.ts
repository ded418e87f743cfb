import {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { MachineAccess } from '@highroad/plugin-platform-node';
import { machineIn } from './machineIn';

/**
 * The authentication service, which lets no token of a machine become a plugin. Backstage hands on what such a token asks
 * for under the name of the plugin that was asked, so that the next one takes it for a plugin and allows it everything.
 * Here it is handed on as itself, so that each plugin on the way decides on it.
 */
export class MachineAuth implements AuthService {
  readonly #inner: AuthService;
  readonly #machines: MachineAccess;
  readonly #mayStandIn: boolean;
  /** Tokens that came in, as long as somebody has their credentials. In memory only */
  readonly #tokens = new WeakMap<BackstageCredentials, string>();

  constructor(options: {
    inner: AuthService;
    machines: MachineAccess;
    /**
     * Whether the plugin may go on in its own name for a machine whose token it does not have any more. Only for work
     * that goes on after its request, and whose start was decided on.
     */
    mayStandIn: boolean;
  }) {
    this.#inner = options.inner;
    this.#machines = options.machines;
    this.#mayStandIn = options.mayStandIn;
  }

  async authenticate(
    ...[token, options]: Parameters<AuthService['authenticate']>
  ): Promise<BackstageCredentials> {
    const credentials = await this.#inner.authenticate(token, options);
    if (this.#machineIn(credentials)) this.#tokens.set(credentials, token);
    return credentials;
  }

  async getPluginRequestToken(
    options: Parameters<AuthService['getPluginRequestToken']>[0],
  ): Promise<{ token: string }> {
    const { onBehalfOf } = options;
    const subject = this.#machineIn(onBehalfOf);
    if (!subject) return this.#inner.getPluginRequestToken(options);
    // Said here, since the next one's words would not reach whoever asked.
    if (!this.#machines.scope(subject)) throw this.#machines.refusal(subject);
    const token = this.#tokens.get(onBehalfOf);
    if (token) return { token };
    if (this.#mayStandIn) return this.#inner.getPluginRequestToken(options);
    throw new NotAllowedError(
      `This token (${subject}) cannot be handed on to ${options.targetPluginId}.`,
    );
  }

  isPrincipal: AuthService['isPrincipal'] = (credentials, type) =>
    this.#inner.isPrincipal(credentials, type);

  getNoneCredentials: AuthService['getNoneCredentials'] = () =>
    this.#inner.getNoneCredentials();

  getOwnServiceCredentials: AuthService['getOwnServiceCredentials'] = () =>
    this.#inner.getOwnServiceCredentials();

  getLimitedUserToken: AuthService['getLimitedUserToken'] = credentials =>
    this.#inner.getLimitedUserToken(credentials);

  listPublicServiceKeys: AuthService['listPublicServiceKeys'] = () =>
    this.#inner.listPublicServiceKeys();

  #machineIn(credentials: BackstageCredentials): string | undefined {
    const [auth, machines] = [this.#inner, this.#machines];
    return machineIn(credentials, { auth, machines });
  }
}
