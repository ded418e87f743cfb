export interface Config {
  platform?: {
    access?: {
      /** What tokens of machines may do; a token that is not named here may do nothing of the platform's. */
      machines?: Array<{
        /**
         * Subject of the token, as under backend.auth.externalAccess.
         * @visibility backend
         */
        subject: string;
        /**
         * References of services, or "*".
         * @visibility backend
         */
        services: string[];
        /**
         * Names of environments, or "*". None if left out.
         * @visibility backend
         */
        environments?: string[];
        /**
         * Names of permissions, such as platform.deployment.create.
         * @visibility backend
         */
        operations?: string[];
      }>;
    };
    /** Where images are, and how to sign in there. */
    registries?: Array<{
      /**
       * Host, and port where it has one, as they stand in an image's name.
       * @visibility backend
       */
      host: string;
      /** @visibility backend */
      username?: string;
      /** @visibility secret */
      password?: string;
      /**
       * Whether it is asked by plain HTTP.
       * @visibility backend
       */
      insecure?: boolean;
    }>;
    /** Who is told what happens. */
    slack?: {
      /**
       * Of an app's bot, xoxb-…
       * @visibility secret
       */
      token: string;
      /**
       * Where nothing else says one, such as #deployments.
       * @visibility backend
       */
      channel?: string;
      /**
       * Default: Slack's own.
       * @visibility backend
       */
      apiUrl?: string;
    };
    /** Where services run. */
    environments?: Array<{
      /** @visibility frontend */
      name: string;
      /**
       * Whether changes need a record before they are made. Default: whether the name is "production".
       * @visibility frontend
       */
      production?: boolean;
    }>;
  };
}
