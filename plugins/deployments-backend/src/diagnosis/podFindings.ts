import { ContainerFacts, EventFacts, PodFacts } from '../drivers/cluster/Look';
import { Finding, shortName } from './Finding';

const IMAGE = [
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
];
const CONFIG = ['CreateContainerConfigError'];
const START = ['CreateContainerError', 'RunContainerError', 'StartError'];
/** Out of memory is told of for this long after a container has come back. */
const OOM_MS = 60 * 60 * 1000;
/** A pod may take this long to get ready before anybody asks why it is not. */
const STARTING_MS = 60 * 1000;

interface Place {
  service: string;
  environment: string;
  now: Date;
  events: EventFacts[];
}
type Rule = (
  pod: PodFacts,
  container: ContainerFacts,
  place: Place,
) => Finding | undefined;

/** The worst first: what keeps a container from ever starting, then what ends it, then what keeps it from serving. */
const RULES: Rule[] = [
  imagePull,
  missingConfig,
  cannotStart,
  outOfMemory,
  crashLoop,
  notReady,
  wasOutOfMemory,
];

/** Why pods do not do their work, if it is one of the usual reasons. */
export function findingInPods(
  pods: PodFacts[],
  place: Place,
): Finding | undefined {
  for (const rule of RULES) {
    for (const pod of pods) {
      for (const container of pod.containers) {
        const found = rule(pod, container, place);
        if (found) {
          return {
            ...found,
            about: { pod: pod.name, container: container.name },
          };
        }
      }
    }
    // Before anything that runs: a volume that is not there keeps all of a pod from starting.
    if (rule === missingConfig) {
      const found = missingVolume(pods, place) ?? noNode(pods, place);
      if (found) return found;
    }
  }
  return undefined;
}

function imagePull(
  _pod: PodFacts,
  { name, waiting }: ContainerFacts,
  place: Place,
): Finding | undefined {
  if (!waiting || !IMAGE.includes(waiting.reason)) return undefined;
  return {
    health: 'failing',
    cause: 'image-pull',
    summary: `The image of ${name} cannot be pulled (${waiting.reason})${told(
      waiting.message,
    )}.`,
    fix: `Is it still in the registry, and may the nodes read there? ${back(
      place,
    )}`,
  };
}

function missingConfig(
  _pod: PodFacts,
  { name, waiting }: ContainerFacts,
  place: Place,
): Finding | undefined {
  if (!waiting || !CONFIG.includes(waiting.reason)) return undefined;
  return {
    health: 'failing',
    cause: 'missing-config',
    summary: `${name} cannot be started: ${missing(waiting.message)}.`,
    fix: `Set what is missing, or take it out of the manifests; the pods start by themselves once it is there. ${back(
      place,
    )}`,
  };
}

function missingVolume(pods: PodFacts[], place: Place): Finding | undefined {
  const names = new Set(pods.filter(pod => !pod.ready).map(({ name }) => name));
  const failed = place.events.find(
    ({ reason, name, message }) =>
      reason === 'FailedMount' &&
      names.has(name) &&
      /(secret|configmap) .*not found|references non-existent/i.test(message),
  );
  if (!failed) return undefined;
  return {
    health: 'failing',
    cause: 'missing-config',
    summary: `${failed.name} cannot be started: ${missing(failed.message)}.`,
    fix: `Set what is missing, or take it out of the manifests. ${back(place)}`,
  };
}

function noNode(pods: PodFacts[], { now }: Place): Finding | undefined {
  const pod = pods.find(
    ({ unschedulable, createdAt }) =>
      unschedulable && now.getTime() - createdAt.getTime() > 10_000,
  );
  if (!pod?.unschedulable) return undefined;
  return {
    health: 'failing',
    cause: 'no-node',
    summary: `No node takes ${pod.name}${told(pod.unschedulable)}.`,
    fix: 'Ask for less under resources.requests, have fewer replicas, or have nodes added.',
  };
}

function cannotStart(
  _pod: PodFacts,
  { name, waiting, ended }: ContainerFacts,
  place: Place,
): Finding | undefined {
  const reason = [waiting?.reason, ended?.reason].find(
    one => one && START.includes(one),
  );
  if (!reason) return undefined;
  return {
    health: 'failing',
    cause: 'cannot-start',
    summary: `${name} cannot be started (${reason})${told(
      ended?.message ?? waiting?.message,
    )}.`,
    fix: `Does the image have the command, and may its user run it? ${back(
      place,
    )}`,
  };
}

function outOfMemory(
  _pod: PodFacts,
  container: ContainerFacts,
  place: Place,
): Finding | undefined {
  const { ended, ready } = container;
  if (ended?.reason !== 'OOMKilled' || ready) return undefined;
  return { ...killedForMemory(container, place), health: 'failing' };
}

function wasOutOfMemory(
  _pod: PodFacts,
  container: ContainerFacts,
  place: Place,
): Finding | undefined {
  const { ended } = container;
  const since = ended?.at && place.now.getTime() - ended.at.getTime();
  if (ended?.reason !== 'OOMKilled' || since === undefined || since > OOM_MS) {
    return undefined;
  }
  const found = killedForMemory(container, place);
  return {
    ...found,
    health: 'attention',
    summary: `${found.summary} It runs again.`,
  };
}

function killedForMemory(
  { name, memoryLimit, restarts }: ContainerFacts,
  place: Place,
): Finding {
  return {
    health: 'failing',
    cause: 'out-of-memory',
    summary: `${name} was killed because it used more memory than it may${
      memoryLimit ? ` (${memoryLimit})` : ''
    }: OOMKilled, ${times(restarts)}.`,
    fix: `Raise resources.limits.memory, or find what holds it. ${back(place)}`,
  };
}

function crashLoop(
  pod: PodFacts,
  { name, waiting, ended, restarts, ready }: ContainerFacts,
  place: Place,
): Finding | undefined {
  const again = waiting?.reason === 'CrashLoopBackOff' || restarts >= 2;
  if (ready || !again) return undefined;
  const liveness = probeOf('Liveness', pod, place);
  const how = ended
    ? ` (${ended.reason}${
        ended.exitCode === undefined ? '' : `, exit code ${ended.exitCode}`
      })`
    : '';
  if (liveness) {
    return {
      health: 'failing',
      cause: 'crash-loop',
      summary: `${name} is ended again and again, ${times(
        restarts,
      )}, because its liveness probe fails: ${liveness}.`,
      fix: `Does it answer there, and soon enough after its start? ${back(
        place,
      )}`,
    };
  }
  return {
    health: 'failing',
    cause: 'crash-loop',
    summary: `${name} crashes again and again${how}, ${times(restarts)}${told(
      ended?.message,
    )}.`,
    fix: `Its last lines say more. ${back(place)}`,
  };
}

function notReady(
  pod: PodFacts,
  { name, ready, running }: ContainerFacts,
  place: Place,
): Finding | undefined {
  if (ready || !running) return undefined;
  if (place.now.getTime() - pod.createdAt.getTime() < STARTING_MS) {
    return undefined;
  }
  const readiness =
    probeOf('Readiness', pod, place) ?? probeOf('Startup', pod, place);
  return {
    health: 'failing',
    cause: 'not-ready',
    summary: readiness
      ? `${name} runs, but its readiness probe fails: ${readiness}.`
      : `${name} runs, but does not become ready, and no probe says why.`,
    fix: `It gets no requests until it answers there. Does what it needs answer, such as its database? ${back(
      place,
    )}`,
  };
}

/** What the kubelet last said of a probe of this pod. */
function probeOf(
  probe: 'Liveness' | 'Readiness' | 'Startup',
  pod: PodFacts,
  { events }: Place,
): string | undefined {
  const beginning = `${probe} probe failed`;
  const event = events.find(
    ({ reason, name, message }) =>
      reason === 'Unhealthy' &&
      name === pod.name &&
      message.startsWith(beginning),
  );
  return event && trim(event.message.slice(beginning.length + 1));
}

function missing(message: string | undefined): string {
  const text = message ?? '';
  const [, kind, name] =
    /(secret|configmap) "([^"]+)" not found/i.exec(text) ?? [];
  if (name) {
    return `the ${
      kind.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap'
    } ${name} is missing`;
  }
  const [, key, where, holder] =
    /couldn't find key (\S+) in (Secret|ConfigMap) (?:\S+\/)?(\S+)/i.exec(
      text,
    ) ?? [];
  if (key) return `the key ${key} is missing in the ${where} ${trim(holder)}`;
  return trim(text) || 'its configuration is not right';
}

function times(restarts: number): string {
  return restarts === 1 ? '1 restart' : `${restarts} restarts`;
}

function told(message: string | undefined): string {
  return message ? `: ${trim(message)}` : '';
}

function trim(text: string): string {
  return text.trim().replace(/\s+/g, ' ').replace(/\.$/, '');
}

function back({ service, environment }: Place): string {
  return `To put back what ran before: platform rollback ${shortName(
    service,
  )} --env ${environment}`;
}
