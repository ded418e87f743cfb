export interface Config {
  platform?: {
    /** Where created services go when no Git host is connected. */
    localRepositories?: {
      /** A folder for bare repositories, `<owner>/<name>.git`. Relative to the backend's working directory. */
      directory: string;
    };
  };
}
