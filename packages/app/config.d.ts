export interface Config {
  app: {
    signIn?: {
      /**
       * The buttons on the sign-in page, in this order. Each one needs its `auth.providers` entry in the backend.
       * @visibility frontend
       */
      providers?: Array<
        'guest' | 'github' | 'gitlab' | 'google' | 'microsoft' | 'okta' | 'oidc'
      >;
    };
  };
}
