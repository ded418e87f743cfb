export interface Config {
  platform?: {
    /** Environments that are made on demand. */
    previews?: {
      /**
       * Name of a cluster of platform.clusters. Without it there are none.
       * @visibility backend
       */
      cluster?: string;
      /**
       * Namespace in which those are kept that are not applied by hand. Default: environments.
       * @visibility backend
       */
      namespace?: string;
      /**
       * Whether teams apply environments in namespaces of their own too. Default: true.
       * @visibility backend
       */
      teamNamespaces?: boolean;
      /**
       * Where a public service answers, such as https://{service}-{environment}.previews.example.com.
       * @visibility backend
       */
      url?: string;
      /**
       * Default: the cluster's.
       * @visibility backend
       */
      ingressClass?: string;
      /**
       * ClusterIssuer of cert-manager that certificates are asked of.
       * @visibility backend
       */
      tlsIssuer?: string;
      /**
       * Where images are that name no host.
       * @visibility backend
       */
      registry?: string;
      /**
       * What names of images may begin with, in whole parts: up to their end, a "/", ":" or "@". Default: anything.
       * @visibility backend
       */
      images?: string[];
      /**
       * What names of images may begin with besides, in pull requests from forks. Without it these have images fetched
       * without imagePullSecret, so that they start no private ones.
       * @visibility backend
       */
      forkImages?: string[];
      /**
       * Which of a repository's overlays (deploy/overlays) services' own manifests take, where it has none called "preview".
       * Default: staging.
       * @visibility backend
       */
      overlay?: string;
      /**
       * Secret with credentials for registries in the namespace above; copied into each environment.
       * @visibility backend
       */
      imagePullSecret?: string;
      lifetime?: {
        /**
         * From when the time to live counts. Default: creation.
         * @visibility backend
         */
        countFrom?: 'creation' | 'activity';
        /**
         * How long one stays at most without being kept, such as 60d. Default: 60d.
         * @visibility backend
         */
        max?: string;
        /**
         * How long before its end it is warned of. Default: 24h.
         * @visibility backend
         */
        warnBefore?: string;
      };
      quota?: {
        /**
         * Default: 10.
         * @visibility backend
         */
        perTeam?: number;
        /**
         * Default: 100.
         * @visibility backend
         */
        total?: number;
      };
      /** What all of one environment may use together. */
      limits?: {
        /**
         * Default: 4.
         * @visibility backend
         */
        cpu?: string;
        /**
         * Default: 8Gi.
         * @visibility backend
         */
        memory?: string;
        /**
         * Default: 40.
         * @visibility backend
         */
        pods?: number;
      };
      /**
       * Standing environment, not of production, whose secrets services of previews may have. Default: they have none.
       * @visibility backend
       */
      secretsFrom?: string;
      /**
       * Where teams are told in Slack of environments that end soon or fail, if they have no channel of their own. Default:
       * platform.slack.channel.
       * @visibility backend
       */
      slackChannel?: string;
      /** What environments reach, besides themselves, name servers and their databases. */
      egress?: Array<{
        /**
         * Addresses, such as 10.0.0.0/8; this or a namespace.
         * @visibility backend
         */
        cidr?: string;
        /**
         * Name of a namespace of the cluster.
         * @visibility backend
         */
        namespace?: string;
        /**
         * TCP ports. Default: all, of every protocol.
         * @visibility backend
         */
        ports?: number[];
      }>;
      databases?: {
        /**
         * How long a seed may take, such as 15m. Default: 15m.
         * @visibility backend
         */
        seedTimeout?: string;
        /**
         * Which driver makes them where an environment does not say. Default: server.
         * @visibility backend
         */
        driver?: string;
        /** A PostgreSQL server that databases are made on. */
        server?: {
          /** @visibility backend */
          host: string;
          /**
           * Default: 5432.
           * @visibility backend
           */
          port?: number;
          /**
           * One that may make databases and roles.
           * @visibility backend
           */
          user: string;
          /** @visibility secret */
          password: string;
          /**
           * That it signs in to. Default: postgres.
           * @visibility backend
           */
          database?: string;
          /**
           * The same server for pods. Default: host.
           * @visibility backend
           */
          hostFromPods?: string;
          /**
           * Default: port.
           * @visibility backend
           */
          portFromPods?: number;
          /**
           * How many connections the services of one environment may have open to one of its databases at a time.
           * Default: 40.
           * @visibility backend
           */
          connections?: number;
          /**
           * Whether the platform's connections are encrypted. Default: false.
           * @visibility backend
           */
          ssl?: boolean;
        };
        /** A PostgreSQL server in the environment itself, for each database whose driver is `cluster`. */
        cluster?: {
          /**
           * One that starts like Docker's own `postgres`, such as postgres:17.6.
           * @visibility backend
           */
          image: string;
          /**
           * Whom the image runs PostgreSQL as. Default: 999.
           * @visibility backend
           */
          userId?: number;
          /** Where rows are kept. Default: in the pod; a new pod is seeded anew. */
          storage?: {
            /**
             * Such as 2Gi.
             * @visibility backend
             */
            size: string;
            /**
             * A StorageClass. Default: the cluster's.
             * @visibility backend
             */
            class?: string;
          };
          /** What one may use at most. */
          limits?: {
            /**
             * Default: 1.
             * @visibility backend
             */
            cpu?: string;
            /**
             * Default: 512Mi.
             * @visibility backend
             */
            memory?: string;
          };
        };
      };
    };
    /** Which Git hosts' pull requests get environments. */
    pullRequests?: {
      hosts?: Array<{
        /**
         * As under integrations.
         * @visibility backend
         */
        host: string;
        /**
         * That the webhooks there sign with; 16 characters at least.
         * @visibility secret
         */
        webhookSecret: string;
      }>;
      /**
       * How often repositories are listed, from 5 to 60. Default: 25.
       * @visibility backend
       */
      relistSeconds?: number;
      /**
       * Whether whoever may push to a repository may have environments of its pull requests kept, by a comment. It
       * ends with the pull request at the latest. Default: true.
       * @visibility backend
       */
      keepByComment?: boolean;
    };
  };
}
