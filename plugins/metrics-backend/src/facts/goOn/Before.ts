import { DeploymentFact, IncidentFact } from '../Facts';

/** What is known besides the state, of what some events tell of and refer to. */
export interface Before {
  /** What facts follow already, see `aboutOf` */
  told: (about: string) => boolean;
  /** What events that facts follow already refer to, and nothing was told of */
  wanted: (about: string) => boolean;
  /** Whether a version was deployed with success */
  ran: (environment: string, version: string) => boolean;
  deployment: (environment: string, id: string) => DeploymentFact | undefined;
  incident: (environment: string, id: string) => IncidentFact | undefined;
}
