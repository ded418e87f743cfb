export interface Config {
  platform?: {
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
    /** Who is asked who is on call. */
    pagerduty?: {
      /**
       * API key that may read.
       * @visibility secret
       */
      token: string;
      /**
       * Default: https://api.pagerduty.com
       * @visibility backend
       */
      apiUrl?: string;
    };
    /** What conditions are asked of. */
    prometheus?: {
      /** @visibility backend */
      url: string;
      /** @visibility secret */
      token?: string;
      /**
       * As Argo Rollouts reaches it, without a token. Default: url, if that needs no token either.
       * @visibility backend
       */
      urlFromCluster?: string;
    };
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
       * Hosts that Ingresses of a service may name, with {service} and {environment}. Default: any.
       * @visibility backend
       */
      hosts?: string[];
      /**
       * Whether somebody other than who asks has to approve.
       * @visibility backend
       */
      approval?: boolean;
      /**
       * Of Rollouts whose manifests name none. Default: they have to.
       * @visibility backend
       */
      strategy?: 'rolling' | 'canary' | 'blue-green';
      /**
       * How long new pods may take to become ready. Default: 600.
       * @visibility backend
       */
      progressDeadlineSeconds?: number;
      /**
       * Where Slack is told of deployments there, such as #releases.
       * @visibility backend
       */
      slackChannel?: string;
      /**
       * Who brings manifests there. Default: direct.
       * @visibility backend
       */
      engine?: string;
      /**
       * How long a version is watched after it has all the traffic, such as 5m. Default: as long as its conditions look back.
       * @visibility backend
       */
      watch?: string;
      /**
       * How long a pod that was ready may not be so while a version is watched, such as 1m. Default: 30s.
       * @visibility backend
       */
      notReadyFor?: string;
      /** What a new version has to hold, so that it stays. */
      conditions?: Array<{
        /** @visibility backend */
        name: string;
        /**
         * PromQL that comes to one number, with {service}, {environment}, {namespace}, {version}, {podHash} and {window}.
         * @visibility backend
         */
        query: string;
        /**
         * The highest value that is still good; or min.
         * @visibility backend
         */
        max?: number;
        /** @visibility backend */
        min?: number;
        /**
         * How far the query looks back, such as 2m. Default: 1m.
         * @visibility backend
         */
        window?: string;
        /**
         * PromQL that counts what the value rests on.
         * @visibility backend
         */
        samples?: string;
        /**
         * How many of these are enough.
         * @visibility backend
         */
        minSamples?: number;
        /**
         * What it means that there are fewer. Default: fail.
         * @visibility backend
         */
        fewSamples?: 'fail' | 'pass';
      }>;
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
      deviations?: {
        /**
         * How long a deviation may last. Default: 90.
         * @visibility backend
         */
        maxDays?: number;
      };
    };
  };
}
