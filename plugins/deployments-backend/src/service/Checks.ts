import {
  Deployment,
  Step,
  Strategy,
} from '@highroad/plugin-deployments-common';
import { Condition } from './conditions/Condition';
import { EnvironmentSettings } from './EnvironmentSettings';

/** What checking found. */
export type Checked =
  | {
      ok: true;
      steps: CheckStep[];
      /** Image with its digest; labels of it */
      digest: string;
      commit?: string;
      strategy: Strategy;
      /** The text of the manifests, as they will be applied */
      manifests: string;
      /** What it will be judged by while it runs */
      conditions: Condition[];
    }
  | {
      ok: false;
      steps: CheckStep[];
      /** Why, in a sentence */
      summary: string;
      /** It may be otherwise in a moment: a registry or Git host that does not answer */
      passing: boolean;
      /** For how long whoever does not answer asks to be left alone, in seconds */
      retryAfterSeconds?: number;
    };

export type CheckStep = Pick<Step, 'name' | 'state' | 'summary' | 'evidence'>;

/** Looks at everything that can be known before anything is written to a cluster. */
export interface Checks {
  /** @param options.dryRun - nothing at all is to be made, also no database that the service will need */
  run(
    deployment: Deployment,
    environment: EnvironmentSettings,
    signal: AbortSignal,
    options?: { dryRun?: boolean },
  ): Promise<Checked>;
}
