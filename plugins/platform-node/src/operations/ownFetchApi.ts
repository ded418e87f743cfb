import { AuthService, DiscoveryService } from '@backstage/backend-plugin-api';
import { FetchApi } from '@highroad/plugin-platform-common';

const ADDRESS = /^plugin:\/\/([^/]+)/;

/**
 * What a plugin of the backend asks another with, in its own name. For the clients of {@link createOperationClient}:
 * it resolves `plugin://` addresses, and signs each request.
 */
export function ownFetchApi(deps: {
  auth: AuthService;
  discovery: DiscoveryService;
}): FetchApi {
  return {
    fetch: async (input, init) => {
      const address = String(input);
      const plugin = ADDRESS.exec(address)?.[1];
      if (!plugin) {
        throw new TypeError(`${address} is no address of a plugin`);
      }
      const [base, { token }] = await Promise.all([
        deps.discovery.getBaseUrl(plugin),
        deps.auth.getPluginRequestToken({
          onBehalfOf: await deps.auth.getOwnServiceCredentials(),
          targetPluginId: plugin,
        }),
      ]);
      const headers = new Headers(init?.headers);
      headers.set('Authorization', `Bearer ${token}`);
      return fetch(address.replace(ADDRESS, base), { ...init, headers });
    },
  };
}
