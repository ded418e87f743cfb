/** Something that runs until it is told to stop. */
export interface Service {
  /** Listens, and brings everything up that it works with. */
  start(): Promise<void>;
  /** Takes no more work, finishes what is under way, and lets go of what it holds. */
  stop(): Promise<void>;
}
