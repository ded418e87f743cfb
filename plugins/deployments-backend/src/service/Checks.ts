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

export type CheckStep = Pick<Step, 'name' | 'state' | 'summary' | 'evidence'> &
  Partial<Pick<Step, 'startedAt' | 'endedAt'>>;

/** How checks are run. */
export interface CheckOptions {
  /** Nothing at all is to be made, also no database that the service will need */
  dryRun?: boolean;
  /** Told of each check when it begins and when it has passed, and waited for; must not throw */
  onStep?: (step: CheckStep) => void | Promise<void>;
}

/** Looks at everything that can be known before anything is written to a cluster. */
export interface Checks {
  run(
    deployment: Deployment,
    environment: EnvironmentSettings,
    signal: AbortSignal,
    options?: CheckOptions,
  ): Promise<Checked>;
}
