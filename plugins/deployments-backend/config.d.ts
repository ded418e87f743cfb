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
    /** Clusters that are deployed to. */
    clusters?: Array<{
      /** @visibility backend */
      name: string;
      /**
       * Path of a kubeconfig; or address and token.
       * @visibility backend
       */
      kubeconfig?: string;
      /** @visibility backend */
      url?: string;
      /** @visibility secret */
      token?: string;
      /**
       * Base64 of the authority's certificate.
       * @visibility backend
       */
      caData?: string;
    }>;
    /** Where services stay. */
    environments?: Array<{
      /**
       * Overlays of this name are taken where there are none of the environment's own. Default: the environment's name.
       * @visibility backend
       */
      tier?: string;
      /**
       * Name of a cluster.
       * @visibility backend
       */
      cluster?: string;
      /**
       * Of a service, with {service} and {environment}. Default: {service}-{environment}.
       * @visibility backend
       */
      namespace?: string;
      /**
       * Whether somebody other than who asks has to approve.
       * @visibility backend
       */
      approval?: boolean;
      /** @visibility backend */
      strategy?: 'rolling' | 'canary' | 'blue-green';
      /**
       * How long new pods may take to become ready. Default: 600.
       * @visibility backend
       */
      progressDeadlineSeconds?: number;
      /**
       * How long a version is watched after it has all the traffic. Default: 0.
       * @visibility backend
       */
      watchSeconds?: number;
    }>;
    deployments?: {
      /**
       * Path of kubectl. Default: the one on PATH, or the sandbox's.
       * @visibility backend
       */
      kubectl?: string;
      /**
       * Folder of one process in which commits are kept. Default: a temporary one.
       * @visibility backend
       */
      cache?: string;
    };
  };
}
