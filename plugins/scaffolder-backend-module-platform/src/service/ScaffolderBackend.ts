import {
  AuthService,
  BackstageCredentials,
  DiscoveryService,
} from '@backstage/backend-plugin-api';

/** Asks the scaffolder by its routes, for what its extension points do not offer. */
export class ScaffolderBackend {
  readonly #auth: AuthService;
  readonly #discovery: DiscoveryService;

  constructor(options: { auth: AuthService; discovery: DiscoveryService }) {
    this.#auth = options.auth;
    this.#discovery = options.discovery;
  }

  /**
   * @param path - such as `/v2/tasks`
   * @param options.onBehalfOf - whose rights count; without it, those of the plugin itself
   */
  async ask(
    path: string,
    options: { onBehalfOf?: BackstageCredentials; post?: object } = {},
  ): Promise<Response> {
    const { post } = options;
    const { token } = await this.#auth.getPluginRequestToken({
      onBehalfOf:
        options.onBehalfOf ?? (await this.#auth.getOwnServiceCredentials()),
      targetPluginId: 'scaffolder',
    });
    return fetch(`${await this.#discovery.getBaseUrl('scaffolder')}${path}`, {
      ...(post && { method: 'POST', body: JSON.stringify(post) }),
      headers: {
        Authorization: `Bearer ${token}`,
        ...(post && { 'Content-Type': 'application/json' }),
      },
    });
  }
}
