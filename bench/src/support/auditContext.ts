/** What every part of the audit bench is given. */
export interface AuditBench {
  /** A folder that goes away */
  folder: string;
  postgresUrl: string;
  freePort: () => Promise<number>;
  /** What the ledgers sign with */
  signingKey: string;
}
