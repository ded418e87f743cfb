import { EligibleService } from './EligibleService';

/** The deployment that made something count. */
export interface MadeBy {
  id: string;
  version?: string;
  url?: string;
}

/** A service, or a part of what is known of it, and whether a number counts it. */
export interface Judged {
  service: EligibleService;
  counts: boolean;
  /** What tells it from others of the same service; empty where there is one only */
  part: string;
  environment?: string;
  /** When it was */
  at?: string;
  /** How many there were in the windows before and after, where these were counted */
  ticketCounts?: { before: number; after: number };
  /** When the deployment finished that made it count, if one did */
  deployedAt?: string;
  /** Why it counts, or does not */
  why: (deployment?: MadeBy) => string;
}
