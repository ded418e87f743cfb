import { DeploymentDetail } from '@highroad/plugin-deployments-common';

/** Somebody outside who is told how deployments are doing. */
export interface Target {
  /** Under this name it is kept how far it was told; never changed */
  name: string;
  /**
   * Tells it how a deployment is doing now. May be called again with the same after a crash.
   *
   * @returns where the message is; given back with `place` the next time
   * @throws DelayedError of platform-node's slack if it is known when to try again
   */
  tell(message: Message): Promise<unknown>;
}

/** What is to be told, and what is known of what was told before. */
export interface Message {
  deployment: DeploymentDetail;
  /** Where the message is; nothing if there was none yet, or it is not known */
  place: unknown;
  /** There may be a message already that is not known here */
  attempted: boolean;
  /** Has to be awaited before a first message is sent */
  attempting: () => Promise<void>;
  signal: AbortSignal;
}
