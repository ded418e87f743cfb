import { ManifestProblem } from '@highroad/plugin-environments-common';
import { EnvironmentResource } from '../service/EnvironmentResources';

/** Besides what was approved. */
interface Waiting {
  /** A newer commit, which nobody has approved so far */
  waiting?: string;
}

/** How a pull request's environment stands, as it is told there. */
export type Standing =
  /** It wants none, and nothing was said so far */
  | { kind: 'nothing' }
  | ({
      kind: 'invalid';
      /** Whose manifest it is */
      commit: string;
      problems: ManifestProblem[];
      /** What is there by an earlier commit */
      resource?: EnvironmentResource;
    } & Waiting)
  /** It cannot be had; says why and what to do */
  | ({
      kind: 'refused';
      message: string;
      resource?: EnvironmentResource;
    } & Waiting)
  | { kind: 'awaiting-approval' }
  | { kind: 'ended'; why: 'destroyed' | 'gone'; by: string }
  /** It is there, or about to be; a note says what is not as it was asked for */
  | ({ kind: 'there'; resource: EnvironmentResource; note?: string } & Waiting)
  /** The manifest is not there any more, nor an environment */
  | { kind: 'without-manifest' }
  | { kind: 'taken-down'; merged: boolean; done: boolean };
