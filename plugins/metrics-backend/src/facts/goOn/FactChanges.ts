import { aboutDeployment } from '../about';
import { earliestEnd, rankOf, Sign } from '../blame';
import { secondsBetween } from '../environmentFacts';
import { DeploymentFact, IncidentFact } from '../Facts';
import { Before } from './Before';
import { ReachesBack } from './ReachesBack';

/** Deployments and incidents that are new or different now. */
export class FactChanges {
  readonly #before: Before;
  readonly #abouts: ReadonlySet<string>;
  readonly #deployments = new Map<string, DeploymentFact>();
  readonly #incidents = new Map<string, IncidentFact>();

  /** @param abouts - what is told of now, see `aboutOf` */
  constructor(before: Before, abouts: ReadonlySet<string>) {
    this.#before = before;
    this.#abouts = abouts;
  }

  get deployments(): DeploymentFact[] {
    return [...this.#deployments.values()];
  }

  get incidents(): IncidentFact[] {
    return [...this.#incidents.values()];
  }

  addDeployment(fact: DeploymentFact): void {
    this.#deployments.set(keyOf(fact.environment, fact.deployment), fact);
  }

  addIncident(fact: IncidentFact): void {
    this.#incidents.set(keyOf(fact.environment, fact.incident), fact);
  }

  incident(environment: string, id: string): IncidentFact | undefined {
    return (
      this.#incidents.get(keyOf(environment, id)) ??
      this.#before.incident(environment, id)
    );
  }

  /** Has a deployment count as failed, as one more sign says. */
  blame(environment: string, sign: Sign, isByIncident = false): void {
    const fact = this.#deployment(environment, sign.deployment);
    if (!fact) {
      const about = aboutDeployment(environment, sign.deployment);
      // It is told of now, and happened later than what names it.
      if (this.#abouts.has(about)) throw new ReachesBack();
      return;
    }
    // Nothing is blamed on one that did nothing, or that took another back.
    if (!fact.completed) return;
    const known = fact.failure;
    if (known === 'linked' && sign.reason === 'linked' && !isByIncident) {
      // What deployments say comes before what incidents do, and which of them said what is known is not kept.
      throw new ReachesBack();
    }
    if (!known || rankOf(sign) < rankOf({ reason: known })) {
      fact.failure = sign.reason;
      fact.failureBy = sign.by;
    }
    over(fact, sign.over);
  }

  /** Has a deployment be repaired at the end of an incident, if nothing repaired it before. */
  end(environment: string, deployment: string, at: string): void {
    const fact = this.#deployment(environment, deployment);
    if (fact?.completed) over(fact, at);
  }

  /** A deployment that may be changed. */
  #deployment(environment: string, id: string): DeploymentFact | undefined {
    const key = keyOf(environment, id);
    const known =
      this.#deployments.get(key) ?? this.#before.deployment(environment, id);
    if (known) {
      const own = this.#deployments.get(key) ?? { ...known };
      this.#deployments.set(key, own);
      return own;
    }
    return undefined;
  }
}

function over(fact: DeploymentFact, end: string | undefined): void {
  const { finishedAt, recoveredAt } = fact;
  const at = earliestEnd(finishedAt, recoveredAt, end);
  if (at === undefined) return;
  fact.recoveredAt = at;
  fact.recoverySeconds = secondsBetween(finishedAt, at);
}

function keyOf(environment: string, id: string): string {
  return JSON.stringify([environment, id]);
}
