export interface Config {
  platform?: {
    /** Where secrets are kept: Vault or OpenBao. */
    vault?: {
      /** @visibility backend */
      url: string;
      /**
       * Where a KV engine of version 2 is. Default: secret.
       * @visibility backend
       */
      mount?: string;
      /**
       * Of Vault Enterprise.
       * @visibility backend
       */
      namespace?: string;
      /**
       * Path of the PEM of the authority that signed its certificate.
       * @visibility backend
       */
      caFile?: string;
      /**
       * Default: 5.
       * @visibility backend
       */
      timeoutSeconds?: number;
      /**
       * How the platform signs in for each thing that it does: a token's file, an AppRole or a Kubernetes role.
       * @deepVisibility secret
       */
      auth: {
        write: object;
        reveal: object;
        sync: object;
        policies?: object;
      };
      /** Clusters whose programs sign in at Vault themselves, by its Kubernetes method. */
      workloads?: Array<{
        /**
         * As under platform.clusters
         * @visibility backend
         */
        cluster: string;
        /**
         * Where the method is. Default: kubernetes.
         * @visibility backend
         */
        mount?: string;
      }>;
    };
    secrets?: {
      /**
       * How often clusters are looked at where nobody changed anything. Default: 30.
       * @visibility backend
       */
      pollSeconds?: number;
      /**
       * How often the versions of keys are asked of Vault where nobody changed any through the platform. Default: 5400.
       * @visibility backend
       */
      vaultPollSeconds?: number;
      /**
       * Changes within this time are one restart. Default: 10.
       * @visibility backend
       */
      restartWindowSeconds?: number;
      /**
       * PostgreSQL servers on which credentials of services are replaced. The role needs CREATEROLE, and ADMIN on the
       * roles of services.
       */
      postgres?: Array<{
        /** @visibility backend */
        name: string;
        /**
         * Such as postgres://platform:password@host:5432/postgres?sslmode=verify-full
         * @visibility secret
         */
        url?: string;
        /**
         * Path of a file that holds such an address, instead.
         * @visibility backend
         */
        urlFile?: string;
        /**
         * Other hosts, with or without a port, by which services reach the same server.
         * @visibility backend
         */
        hosts?: string[];
      }>;
    };
  };
}
