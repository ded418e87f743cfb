export interface Config {
  platform?: {
    access?: {
      /**
       * References of groups and users who administer the platform: they may do everything.
       * @visibility backend
       */
      admins?: string[];
      /**
       * References of groups and users who see all records of the audit, and verify them.
       * @visibility backend
       */
      auditors?: string[];
    };
  };
}
