import { createBackendModule } from '@backstage/backend-plugin-api';
import { AuthenticationError } from '@backstage/errors';
import { authProvidersExtensionPoint } from '@backstage/plugin-auth-node';

/** For tests: a sign-in that believes whoever asks, and gives the real token of that person in the catalog. */
export const signInAs = createBackendModule({
  pluginId: 'auth',
  moduleId: 'sign-in-as',
  register(env) {
    env.registerInit({
      deps: { providers: authProvidersExtensionPoint },
      async init({ providers }) {
        providers.registerProvider({
          providerId: 'test',
          factory: ({ resolverContext }) => ({
            async start() {
              throw new AuthenticationError('There is no page to sign in.');
            },
            async frameHandler() {
              throw new AuthenticationError('There is no page to sign in.');
            },
            async refresh(request, response) {
              const backstageIdentity =
                await resolverContext.signInWithCatalogUser({
                  entityRef: String(request.get('x-test-user')),
                });
              response.json({ backstageIdentity });
            },
          }),
        });
      },
    });
  },
});
