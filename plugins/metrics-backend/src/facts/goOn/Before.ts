import { DeploymentFact, IncidentFact } from '../Facts';

/** What is known besides the state, of what some events tell of and refer to. */
export interface Before {
  /** What facts follow already, see `aboutOf` */
  told: (about: string) => boolean;
  /** What events that facts follow already refer to, and nothing was told of */
  wanted: (about: string) => boolean;
  /** When a version, as `versionOf` says it, was first deployed with success */
  ranSince: (environment: string, version: string) => string | undefined;
  deployment: (environment: string, id: string) => DeploymentFact | undefined;
  incident: (environment: string, id: string) => IncidentFact | undefined;
}
