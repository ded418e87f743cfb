import {
  CommitData,
  DeploymentData,
  IncidentData,
} from '@highroad/plugin-metrics-common';
import { aboutCommit, aboutOf, refersTo } from '../about';
import { Ancestry } from '../Ancestry';
import { signsOf } from '../blame';
import { changesIn } from '../changesIn';
import { Deployed } from '../Deployed';
import { deployNext, versionOf } from '../deployNext';
import { after } from '../Earlier';
import {
  deploymentFact,
  incidentFact,
  placeIn,
  secondsBetween,
} from '../environmentFacts';
import {
  ChangeFact,
  DeploymentFact,
  FactSettings,
  IncidentFact,
  ServiceFact,
} from '../Facts';
import { LedgerEvent, ServiceEvents, Told, told } from '../ServiceEvents';
import {
  EnvironmentState,
  MOST_WAITING,
  ServiceState,
  waitingIn,
} from '../ServiceState';
import { isAround } from '../windows';
import { Before } from './Before';
import { FactChanges } from './FactChanges';
import { ReachesBack } from './ReachesBack';

const HOUR_MS = 3_600_000;

/** What more events change of the facts of a service. */
export interface Continued {
  state: ServiceState;
  /** What is known of the service besides is another now */
  isFactChanged: boolean;
  /** New ones, and those that are different now */
  deployments: DeploymentFact[];
  changes: ChangeFact[];
  incidents: IncidentFact[];
  /** What is referred to and was not told of */
  wanted: string[];
}

/** Goes on from a state with some more events, once. */
export class Continuation {
  readonly #service: string;
  readonly #state: ServiceState;
  readonly #fact: ServiceFact;
  readonly #before: Before;
  readonly #settings: FactSettings;
  readonly #events: ServiceEvents;
  readonly #abouts = new Set<string>();
  readonly #facts: FactChanges;
  readonly #changes: ChangeFact[] = [];
  /** When versions ran first, of those that are told of now */
  readonly #ran = new Map<string, string>();
  /** Commits that no deployment brought, by environment; none where they are too many */
  readonly #waiting = new Map<string, Set<string>>();

  constructor(
    service: string,
    state: ServiceState,
    before: Before,
    settings: FactSettings,
  ) {
    this.#service = service;
    this.#fact = state.fact;
    // As deep as it is changed.
    this.#state = {
      ...state,
      fact: { ...state.fact },
      environments: Object.fromEntries(
        Object.entries(state.environments).map(([name, one]) => [
          name,
          { ...one },
        ]),
      ),
    };
    this.#before = before;
    this.#settings = settings;
    this.#facts = new FactChanges(before, this.#abouts);
    this.#events = {
      ...{ deployments: [], incidents: [], owned: [], tickets: [] },
      deviations: [],
      commits: new Map(this.#state.commits.map(one => [one.commit, one])),
      changes: this.#state.changes,
    };
    for (const [name, { waiting }] of Object.entries(
      this.#state.environments,
    )) {
      if (waiting) this.#waiting.set(name, new Set(waiting));
    }
  }

  tell(events: LedgerEvent[]): Continued {
    const abouts = this.#abouts;
    for (const event of events) {
      const about = aboutOf(event);
      const isKnown = this.#before.told(about) || abouts.has(about);
      if (isKnown || this.#before.wanted(about)) throw new ReachesBack();
      abouts.add(about);
    }
    const steps: Array<{ at: string; step: number; take: () => void }> = [];
    for (const event of events) {
      const { time: at } = event;
      switch (event.type) {
        case 'com.myorg.platform.commit.made.1':
          this.#commit(event.data);
          break;
        case 'com.myorg.platform.deployment.finished.1': {
          const one = told(event);
          steps.push({ at, step: 0, take: () => this.#deploy(one) });
          break;
        }
        case 'dev.cdevents.incident.detected.0.2.0': {
          const one = told(event);
          // Where it is hangs on all deployments before it.
          if (one.ofProduction) throw new ReachesBack();
          steps.push({ at, step: 1, take: () => this.#detect(one) });
          break;
        }
        case 'dev.cdevents.incident.resolved.0.2.0': {
          const one = told(event);
          if (one.ofProduction) throw new ReachesBack();
          // After all: its end says the same whenever it is told.
          steps.push({ at: '9999', step: 2, take: () => this.#resolve(one) });
          break;
        }
        default:
          throw new ReachesBack();
      }
    }
    steps.sort(
      (a, b) => Number(a.at > b.at) - Number(a.at < b.at) || a.step - b.step,
    );
    for (const { take } of steps) take();
    const { environments } = this.#state;
    for (const [name, waiting] of this.#waiting) {
      // Counted only now: of many that are told at once, most are deployed by what is told with them.
      if (waiting.size > MOST_WAITING) delete environments[name].waiting;
      else environments[name].waiting = [...waiting].sort();
    }
    return {
      state: {
        ...this.#state,
        ...waitingIn(this.#events, Object.values(environments)),
      },
      isFactChanged:
        JSON.stringify(this.#fact) !== JSON.stringify(this.#state.fact),
      deployments: this.#facts.deployments,
      changes: this.#changes,
      incidents: this.#facts.incidents,
      wanted: [...new Set(events.flatMap(refersTo))].filter(
        one => !abouts.has(one) && !this.#before.told(one),
      ),
    };
  }

  #commit(data: CommitData): void {
    // What it takes back may be deployed before it or after it.
    if (data.reverts && data.reverts.length > 0) throw new ReachesBack();
    const isCut = data.parents.some(parent => {
      const about = aboutCommit(parent);
      return !this.#abouts.has(about) && !this.#before.told(about);
    });
    this.#events.commits.set(data.commit, {
      ...data,
      ...(isCut && { cut: true }),
    });
    this.#state.fact.hasCommits = true;
    for (const waiting of this.#waiting.values()) waiting.add(data.commit);
  }

  #deploy(event: Told<DeploymentData>): void {
    const { environment: name } = event;
    const environment = this.#environment(name);
    const { last = '', lastIncident = '' } = environment;
    const waiting = this.#waiting.get(name);
    // An incident at that time or later may be of this one instead.
    if (!waiting || event.at <= last || event.at <= lastIncident) {
      throw new ReachesBack();
    }
    const ancestry = this.#ancestry(environment, waiting, event.commit);
    const version = versionOf(event);
    const seen = new Map(
      [version, environment.latest].flatMap((one): Array<[string, string]> => {
        const since = one === undefined ? one : this.#ranSince(name, one);
        return one === undefined || since === undefined ? [] : [[one, since]];
      }),
    );
    const versions = { seen, latest: environment.latest };
    const one = deployNext(event, versions, ancestry);
    if (one.commits.some(commit => this.#reverts(environment, commit))) {
      throw new ReachesBack();
    }
    const { signs, repair } = signsOf(
      one,
      {
        ...{ events: this.#events, ancestry, mergeOf: () => undefined },
        earlier: environment.earlier,
      },
      this.#settings,
    );
    const { completed, successful } = one;
    const place = placeIn(
      { service: this.#service, environment: name },
      this.#state,
      this.#settings,
    )(event.at, event.example);
    const changes = one.rangeState === 'known' ? this.#changesIn(one) : [];
    this.#changes.push(...changes.map(change => ({ ...change, ...place })));
    this.#facts.addDeployment({
      ...deploymentFact(
        one,
        completed && !successful ? { reason: 'failed' } : undefined,
        repair,
      ),
      ...place,
      changes: changes.length,
    });
    for (const sign of signs) this.#facts.blame(name, sign);
    if (successful) {
      for (const failed of environment.failed) {
        const sign = { deployment: failed, reason: 'failed' as const };
        this.#facts.blame(name, { ...sign, over: event.at });
      }
    }
    if (successful && version !== undefined) {
      // Those that ran before are known otherwise.
      this.#ran.set(
        JSON.stringify([name, version]),
        this.#ranSince(name, version) ?? event.at,
      );
    }
    this.#noteService(event, one);
    for (const commit of one.commits) waiting.delete(commit);
    this.#state.environments[name] = {
      ...environment,
      ...{ last: event.at, latest: versions.latest, begun: ancestry.begun },
      earlier: after(environment.earlier, one),
      failed: failedSince(environment.failed, one),
    };
  }

  #ranSince(environment: string, version: string): string | undefined {
    return (
      this.#before.ranSince(environment, version) ??
      this.#ran.get(JSON.stringify([environment, version]))
    );
  }

  #environment(name: string): EnvironmentState {
    const { environments } = this.#state;
    if (!Object.hasOwn(environments, name)) throw new ReachesBack();
    return environments[name];
  }

  #ancestry(
    { begun }: EnvironmentState,
    waiting: ReadonlySet<string>,
    commit: string | undefined,
  ): Ancestry {
    // Looked up, not copied: many may wait, and each deployment brings few of them.
    const { commits: all } = this.#events;
    const commits = {
      has: (one: string) => waiting.has(one) && all.has(one),
      get: (one: string) => (waiting.has(one) ? all.get(one) : undefined),
    };
    const isBrought =
      commit !== undefined &&
      !commits.has(commit) &&
      (this.#before.told(aboutCommit(commit)) ||
        this.#events.commits.has(commit));
    return new Ancestry(commits, {
      begun,
      brought: new Set(isBrought ? [commit] : []),
    });
  }

  #reverts({ reverted }: EnvironmentState, commit: string): boolean {
    const change = this.#events.changes.find(one => one.mergeCommit === commit);
    const reverts = this.#events.commits.get(commit)?.reverts ?? [];
    return (
      reverted.includes(commit) ||
      reverts.length > 0 ||
      (change?.reverts ?? []).length > 0
    );
  }

  #changesIn(one: Deployed) {
    return changesIn(one, this.#events, this.#settings);
  }

  /** What a deployment changes of what is known of the service. */
  #noteService(event: Told<DeploymentData>, one: Deployed): void {
    const { fact } = this.#state;
    fact.example ||= event.example;
    if (!one.successful || one.rollback) return;
    const earliest = (known: string | undefined) =>
      known !== undefined && known < event.at ? known : event.at;
    if (event.platform) fact.onboardedAt = earliest(fact.onboardedAt);
    fact.active ||=
      fact.onboardedAt !== undefined && isAround(event.at, fact.onboardedAt);
    if (this.#settings.isProduction(event.environment)) {
      fact.firstProductionAt = earliest(fact.firstProductionAt);
    }
  }

  #detect(data: Told<IncidentData>): void {
    const { environment: name, incident, deployment, at } = data;
    const environment = this.#environment(name);
    const { last = '', lastIncident = '', earlier } = environment;
    const isAgain = this.#facts.incident(name, incident) !== undefined;
    if (isAgain || at <= lastIncident || at < last) throw new ReachesBack();
    environment.lastIncident = at;
    const earliest = new Date(
      Date.parse(at) - this.#settings.incidentWindowHours * HOUR_MS,
    ).toISOString();
    const before = earlier.tries.at(-1);
    const latest =
      before && before.at >= earliest ? before.deployment : undefined;
    const blamed = deployment ?? latest;
    const place = placeIn(
      { service: this.#service, environment: name },
      this.#state,
      this.#settings,
    )(at, data.example);
    this.#facts.addIncident({ ...incidentFact(data, blamed), ...place });
    if (blamed) {
      const reason = deployment ? 'linked' : 'incident';
      this.#facts.blame(
        name,
        { deployment: blamed, reason, by: incident },
        true,
      );
    }
  }

  #resolve({
    environment,
    incident,
    deployment,
    at,
  }: Told<IncidentData>): void {
    // It may say which deployment it was of.
    if (deployment) throw new ReachesBack();
    const known = this.#facts.incident(environment, incident);
    if (!known || at < known.detectedAt) return;
    if (known.resolvedAt) throw new ReachesBack();
    this.#facts.addIncident({
      ...known,
      resolvedAt: at,
      restoreSeconds: secondsBetween(known.detectedAt, at),
    });
    if (known.deployment) this.#facts.end(environment, known.deployment, at);
  }
}

function failedSince(failed: string[], one: Deployed): string[] {
  if (one.successful) return [];
  return one.completed ? [...failed, one.event.deployment] : failed;
}
