export interface Config {
  platform?: {
    catalog?: {
      /**
       * Address of your PagerDuty account, for links to services.
       * The default, https://app.pagerduty.com, sends people on to their own account.
       * @visibility frontend
       */
      pagerDutyUrl?: string;
      /**
       * Names of annotations that you use under platform.myorg.com/ besides the
       * ones that the platform documents, so that they are not reported.
       * @visibility backend
       */
      annotations?: string[];
    };
  };
}
