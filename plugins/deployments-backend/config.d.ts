export interface Config {
  platform?: {
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
    deployments?: {
      /**
       * Path of kubectl. Default: the one on PATH, or the sandbox's.
       * @visibility backend
       */
      kubectl?: string;
    };
  };
}
