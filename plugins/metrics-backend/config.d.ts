export interface Config {
  platform?: {
    metrics?: {
      /**
       * Whose days are counted, such as Europe/Berlin. Default: UTC.
       * @visibility backend
       */
      timeZone?: string;
      /**
       * How long after a deployment an incident may begin that is attributed to it. Default: 24.
       * @visibility backend
       */
      incidentWindowHours?: number;
      /**
       * Where the lead time of a pull request begins. Default: first-commit.
       * @visibility backend
       */
      leadTimeFrom?: 'first-commit' | 'merge';
      /**
       * Labels and beginnings of titles by which a change is a hotfix. Default: hotfix.
       * @visibility backend
       */
      hotfix?: string[];
      /** Where one band ends and the next begins, in place of those of DORA 2023. */
      bands?: {
        /** @visibility backend */
        name: string;
        /**
         * Days with a deployment: in a week, in a week, in a month.
         * @visibility backend
         */
        frequency: number[];
        /**
         * Seconds.
         * @visibility backend
         */
        leadTime: number[];
        /**
         * Shares from 0 to 1.
         * @visibility backend
         */
        changeFailureRate: number[];
        /**
         * Seconds.
         * @visibility backend
         */
        recovery: number[];
      };
      /**
       * Path of a plan for an example history, which is shown before anything was deployed.
       * @visibility backend
       */
      exampleHistory?: string;
      /**
       * How many days of merged pull requests and of tickets are read from Git hosts at first. Default: 365.
       * @visibility backend
       */
      backfillDays?: number;
      /** Which issues at Git hosts are tickets to the platform's people. None if left out. */
      tickets?: {
        /**
         * Issues with this label are. A second label such as `service:cart` says which service they are about.
         * @visibility backend
         */
        label: string;
        /**
         * Addresses of repositories, besides those of services, in which people write them.
         * @visibility backend
         */
        repositories?: string[];
      };
      /** How often sources are to be heard. Of others, it is what was usual. */
      sources?: Array<{
        /**
         * What their names begin with, as under Data quality, such as /ci/.
         * @visibility backend
         */
        source: string;
        /**
         * One that tells nothing for longer is silent.
         * @visibility backend
         */
        everyHours: number;
      }>;
      /** Webhooks of PagerDuty. */
      pagerduty?: {
        /**
         * Secrets that they are signed with; two while one is replaced.
         * @visibility secret
         */
        webhookSecrets: string[];
      };
    };
  };
}
