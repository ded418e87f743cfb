export interface Config {
  platform?: {
    /** The real servers that run on this machine beside the portal, for trying things out. */
    sandbox?: {
      /**
       * Folder of the sandbox. `npm start` sets it; leave it out where the portal is connected to servers of a company.
       */
      directory?: string;
    };
  };
}
