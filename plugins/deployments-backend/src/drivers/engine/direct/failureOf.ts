import { redactText } from '@highroad/plugin-platform-node';
import { Pod } from './PodReader';

/** Why pods do not become ready, where that will not mend itself. */
export interface PodFailure {
  summary: string;
  evidence: string[];
  /** Whether it is for want of a node alone */
  lacksNode?: boolean;
}

/** Reasons for which the kubelet goes on trying, without hope while nothing changes. */
const IMAGE = ['ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'];
const CONFIG = [
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
];
/** One crash may be an accident at the start; so many are none. */
const CRASHES = 2;
/** A Secret may come a moment after the pod, and a node too. */
const PATIENCE_MS = { config: 20_000, scheduling: 60_000 };

/**
 * Looks whether the cluster refuses to make pods, and for the first pod that fails for good. The want of a node is told only
 * where no pod fails otherwise: a version is not to blame for that.
 *
 * @param now - by the clock that dated the pods; asked only where it matters
 */
export async function failureOf(
  { list, refused }: { list: Pod[]; refused?: string },
  now: () => Promise<Date>,
): Promise<PodFailure | undefined> {
  if (refused !== undefined) {
    return {
      summary: 'The cluster does not let the pods be made',
      evidence: [refused],
    };
  }
  let homeless: PodFailure | undefined;
  for (const pod of list) {
    const { name, creationTimestamp } = pod.metadata;
    const isOlder = async (ms: number) =>
      (await now()).getTime() - creationTimestamp.getTime() > ms;
    const { containerStatuses, initContainerStatuses, conditions } = pod.status;
    for (const status of [...initContainerStatuses, ...containerStatuses]) {
      const { reason = '', message } = status.state.waiting ?? {};
      const told = message ? [redactText(`${name}: ${message}`)] : [];
      if (IMAGE.includes(reason)) {
        return {
          summary: `The image of ${status.name} cannot be pulled (${reason})`,
          evidence: told,
        };
      }
      if (CONFIG.includes(reason) && (await isOlder(PATIENCE_MS.config))) {
        return {
          summary: `${status.name} cannot be started (${reason})`,
          evidence: told,
        };
      }
      if (status.restartCount >= CRASHES && !status.ready) {
        const {
          reason: why = 'Error',
          exitCode,
          message: words,
        } = status.lastState.terminated ?? {};
        return {
          summary: `${status.name} crashes again and again (${why}${
            exitCode === undefined ? '' : `, exit code ${exitCode}`
          }, ${status.restartCount} restarts)`,
          // What the runtime said of the end tells more than that it waits to try again. It may be what was printed.
          evidence: words ? [redactText(`${name}: ${words}`)] : told,
        };
      }
    }
    const unscheduled = conditions.find(
      one => one.type === 'PodScheduled' && one.status === 'False',
    );
    if (unscheduled && !homeless && (await isOlder(PATIENCE_MS.scheduling))) {
      homeless = {
        ...{ summary: 'No node takes the pods', lacksNode: true },
        evidence: [`${name}: ${unscheduled.message ?? unscheduled.reason}`],
      };
    }
  }
  return homeless;
}
