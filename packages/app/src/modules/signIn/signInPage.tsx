import {
  configApiRef,
  githubAuthApiRef,
  gitlabAuthApiRef,
  googleAuthApiRef,
  microsoftAuthApiRef,
  oktaAuthApiRef,
  useApi,
} from '@backstage/core-plugin-api';
import { InputError } from '@backstage/errors';
import { SignInPageBlueprint } from '@backstage/plugin-app-react';
import { ComponentProps } from 'react';
import type { SignInPage } from '@backstage/core-components';
import { oidcAuthApiRef } from './oidcAuthApi';

type Provider = Extract<
  ComponentProps<typeof SignInPage>,
  { providers: unknown }
>['providers'][number];

const PROVIDERS: Record<string, Provider> = {
  guest: 'guest',
  github: {
    id: 'github-auth-provider',
    title: 'GitHub',
    message: 'Sign in with your GitHub account',
    apiRef: githubAuthApiRef,
  },
  gitlab: {
    id: 'gitlab-auth-provider',
    title: 'GitLab',
    message: 'Sign in with your GitLab account',
    apiRef: gitlabAuthApiRef,
  },
  google: {
    id: 'google-auth-provider',
    title: 'Google',
    message: 'Sign in with your Google account',
    apiRef: googleAuthApiRef,
  },
  microsoft: {
    id: 'microsoft-auth-provider',
    title: 'Microsoft',
    message: 'Sign in with your Microsoft account',
    apiRef: microsoftAuthApiRef,
  },
  okta: {
    id: 'okta-auth-provider',
    title: 'Okta',
    message: 'Sign in with Okta',
    apiRef: oktaAuthApiRef,
  },
  oidc: {
    id: 'oidc-auth-provider',
    title: 'Company sign-in',
    message: 'Sign in with your company account',
    apiRef: oidcAuthApiRef,
  },
};

/** Turns `app.signIn.providers` into buttons; an unknown name is an error that lists the known ones. */
export function chooseProviders(names: string[]): Provider[] {
  return names.map(name => {
    if (!Object.hasOwn(PROVIDERS, name)) {
      throw new InputError(
        `app.signIn.providers names "${name}", which is not known. Use one of: ${Object.keys(
          PROVIDERS,
        ).join(', ')}.`,
      );
    }
    return PROVIDERS[name];
  });
}

export const signInPage = SignInPageBlueprint.make({
  params: {
    loader: async () => {
      const { SignInPage: Page } = await import('@backstage/core-components');
      return props => {
        const config = useApi(configApiRef);
        const names = config.getOptionalStringArray('app.signIn.providers');
        return (
          <Page
            {...props}
            title="Sign in to Highroad"
            align="center"
            providers={chooseProviders(names ?? ['guest'])}
          />
        );
      };
    },
  },
});
