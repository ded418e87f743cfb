import {
  Deployment,
  DiagnosedPod,
  Diagnosis,
  Part,
} from '@highroad/plugin-deployments-common';
import { Place, ReadStore } from '../database/ReadStore';
import { DriftStore } from '../drift/DriftStore';
import { withDrift } from '../drift/withDrift';
import { ClusterReader, Sight } from '../drivers/cluster/ClusterReader';
import { EventFacts, Look, PodFacts } from '../drivers/cluster/Look';
import { OnCalls } from '../drivers/pagerduty/OnCallReader';
import { Alerts } from '../drivers/prometheus/FiringAlerts';
import { redact, redactText } from '@highroad/plugin-platform-node';
import { namespaceOf } from '@highroad/plugin-platform-node/kubernetes';
import { Environments } from '../service/EnvironmentSettings';
import { Services } from '../service/Services';
import { Facts, Finding } from './Finding';
import { judge } from './judge';

const EVENTS = 30;
const CHANGES = 5;

/** Answers "why is it failing?": asks everybody who knows something, and says what it comes to. */
export class Diagnostician {
  readonly #alerts: Alerts;
  readonly #cluster: Pick<ClusterReader, 'look' | 'log' | 'pods'>;
  readonly #drift: Pick<DriftStore, 'of'>;
  readonly #environments: Environments;
  readonly #now: () => Date;
  readonly #onCalls: OnCalls;
  readonly #reader: ReadStore;
  readonly #services: Services;

  constructor(options: {
    alerts: Alerts;
    cluster: Pick<ClusterReader, 'look' | 'log' | 'pods'>;
    drift: Pick<DriftStore, 'of'>;
    environments: Environments;
    now: () => Date;
    onCalls: OnCalls;
    reader: ReadStore;
    services: Services;
  }) {
    this.#alerts = options.alerts;
    this.#cluster = options.cluster;
    this.#drift = options.drift;
    this.#environments = options.environments;
    this.#now = options.now;
    this.#onCalls = options.onCalls;
    this.#reader = options.reader;
    this.#services = options.services;
  }

  /**
   * What cannot be asked is said, and keeps nothing else from being answered.
   *
   * @throws NotFoundError for a service or an environment that is not there
   */
  async diagnose(place: Place): Promise<Diagnosis> {
    const environment = this.#environments.get(place.environment);
    const service = await this.#services.get(place.service);
    const namespace = namespaceOf(environment, service.name);
    const { cluster } = environment;
    const sight = { cluster, namespace, service: service.ref };
    const [look, changes, running, alerts, onCall, seen] = await Promise.all([
      this.#look(sight),
      this.#reader.list({
        services: [place.service],
        environment: place.environment,
        limit: CHANGES,
      }),
      this.#reader.lastGood(place),
      this.#alerts.firing(namespace),
      this.#onCalls.now(service.annotations),
      this.#drift.of({
        services: [place.service],
        environment: place.environment,
      }),
    ]);
    const latest = sinceThen(changes[0], running);
    const [{ drift }] = withDrift([{ ...place, running }], seen);
    const finding = judge({
      ...place,
      now: this.#now(),
      ...{ drift, look, running, latest },
      alerts: alerts.known ? alerts.items : [],
    });
    const { log, logOf } = await this.#log(sight, look, finding);
    return {
      ...place,
      namespace,
      at: this.#now().toISOString(),
      verdict: withLastWords(finding, log),
      ...{ running, latest, drift, alerts, changes, onCall, log, logOf },
      pods: partOf(look, ({ pods }) => pods.map(podOf)),
      events: partOf(look, ({ events }) =>
        events.slice(0, EVENTS).map(eventOf),
      ),
    };
  }

  /**
   * The pods alone.
   *
   * @throws NotFoundError for a service or an environment that is not there
   */
  async pods(place: Place): Promise<Part<DiagnosedPod>> {
    const environment = this.#environments.get(place.environment);
    const service = await this.#services.get(place.service);
    try {
      const pods = await this.#cluster.pods({
        cluster: environment.cluster,
        namespace: namespaceOf(environment, service.name),
        service: service.ref,
      });
      return { known: true, items: pods.map(podOf) };
    } catch (error) {
      return { known: false, why: messageOf(error) };
    }
  }

  async #look(sight: Sight): Promise<Facts['look']> {
    try {
      return await this.#cluster.look(sight);
    } catch (error) {
      return { unknown: messageOf(error) };
    }
  }

  /** Of the container that the verdict is about, else of one that is not ready, else of the newest. */
  async #log(
    sight: Sight,
    look: Facts['look'],
    { about }: Finding,
  ): Promise<{ log: Part<string>; logOf?: string }> {
    if ('unknown' in look) return { log: { known: false, why: look.unknown } };
    const pod =
      look.pods.find(({ name }) => name === about?.pod) ??
      look.pods.find(({ ready }) => !ready) ??
      [...look.pods].sort((a, b) => +b.createdAt - +a.createdAt)[0];
    const container =
      pod?.containers.find(({ name }) => name === about?.container) ??
      pod?.containers.find(({ ready }) => !ready) ??
      pod?.containers[0];
    if (!pod || !container) {
      return { log: { known: false, why: 'No pod has printed anything.' } };
    }
    const logOf = `${pod.name}, container ${container.name}`;
    try {
      const lines = await this.#cluster.log(sight, pod.name, container.name, {
        previous: !container.running && container.restarts > 0,
      });
      return { log: { known: true, items: redact(lines) }, logOf };
    } catch (error) {
      return { log: { known: false, why: messageOf(error) }, logOf };
    }
  }
}

/** What was tried last, where it is something else than what runs. */
function sinceThen(
  newest: Deployment | undefined,
  running: Deployment | undefined,
): Deployment | undefined {
  return newest && newest.id !== running?.id ? newest : undefined;
}

function withLastWords(finding: Finding, log: Part<string>) {
  const { health, cause, fix } = finding;
  const summary = redactText(finding.summary);
  const last = log.known ? log.items.at(-1) : undefined;
  return {
    ...{ health, cause, fix },
    summary:
      cause === 'crash-loop' && last
        ? `${summary} Its last words: ${last}`
        : summary,
  };
}

function partOf<T>(look: Facts['look'], items: (look: Look) => T[]): Part<T> {
  return 'unknown' in look
    ? { known: false, why: look.unknown }
    : { known: true, items: items(look) };
}

function podOf(pod: PodFacts): DiagnosedPod {
  const reasons = pod.containers.flatMap(
    ({ name, waiting, ended, restarts }) => {
      const why = waiting?.reason ?? (restarts > 0 ? ended?.reason : undefined);
      return why ? [`${name}: ${why}`] : [];
    },
  );
  return {
    name: pod.name,
    phase: pod.phase,
    ready: pod.ready,
    restarts: pod.containers.reduce((sum, one) => sum + one.restarts, 0),
    createdAt: pod.createdAt.toISOString(),
    node: pod.node,
    digests: pod.digests,
    reasons: pod.unschedulable ? ['Unschedulable', ...reasons] : reasons,
  };
}

function eventOf({ at, kind, name, ...rest }: EventFacts) {
  return {
    ...rest,
    at: at.toISOString(),
    object: `${kind} ${name}`,
    message: redactText(rest.message),
  };
}

function messageOf(error: unknown): string {
  return redactText(error instanceof Error ? error.message : String(error));
}
