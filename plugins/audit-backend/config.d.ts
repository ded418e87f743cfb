export interface Config {
  platform?: {
    /** The ledger of who did what. */
    audit?: {
      /**
       * Folder for everything below that has no place of its own. Default: beside the databases of SQLite; for other
       * databases, in the machine's folder for temporary files. In production, this must be set, or
       * both `checkpoints.file` and `spool.directory`.
       * @visibility backend
       */
      directory?: string;
      /**
       * What the ledger signs with: an Ed25519 private key in PEM, the same in all replicas. Must be set in production;
       * elsewhere one is made.
       * @visibility secret
       */
      signingKey?: string;
      /**
       * Keys used before, in PEM: private ones while replicas that use them may still run, public ones where the private
       * one was lost. Once the new key has signed, the ledger keeps the public halves itself.
       * @deepVisibility secret
       */
      previousKeys?: string[];
      /**
       * Where a key that was made is kept. Default: signing-key.pem in the folder.
       * @visibility backend
       */
      keyFile?: string;
      intake?: {
        /**
         * How long a record may take to be written before it counts as not written. Default: 3.
         * @visibility backend
         */
        timeoutSeconds?: number;
      };
      spool?: {
        /**
         * Where records wait that the database does not take. Default: spool in the folder, which must be set in
         * production otherwise.
         * @visibility backend
         */
        directory?: string;
      };
      checkpoints?: {
        /**
         * Where signed checkpoints are carried to, best a place that whoever can change the database cannot change.
         * Default: checkpoints.jsonl in the folder, which must be set in production otherwise.
         * @visibility backend
         */
        file?: string;
        /**
         * The longest time without one while records come. Default: 10.
         * @visibility backend
         */
        everySeconds?: number;
        /**
         * The most records without one. Default: 1000.
         * @visibility backend
         */
        everyRecords?: number;
        /**
         * Whether they are written to the log too. Default: true.
         * @visibility backend
         */
        log?: boolean;
      };
      /** Records stay in the database for ever if this is left out. */
      retention?: {
        /**
         * How long records stay in the database.
         * @visibility backend
         */
        days: number;
        /**
         * Where they are archived to before they are removed.
         * @visibility backend
         */
        archiveDirectory: string;
      };
    };
  };
}
