import { hasEnded } from '@highroad/plugin-deployments-common';
import { Look } from '../drivers/cluster/Look';
import { Facts, Finding, shortName } from './Finding';
import { findingInPods } from './podFindings';

/** Says how a service is doing, and why. What is wrong now comes before what went wrong. */
export function judge(facts: Facts): Finding {
  const { look, running, latest } = facts;
  const name = shortName(facts.service);
  if (!running && !latest) return neverDeployed(facts);
  if ('unknown' in look) {
    return {
      health: 'unknown',
      cause: 'not-known',
      summary: `It is not known how ${name} is doing in ${facts.environment}. ${look.unknown}`,
      fix: `Can the portal reach the cluster? Who runs it finds its address under platform.clusters.`,
    };
  }
  return (
    findingInPods(look.pods, { ...facts, events: look.events }) ??
    refusedPods(look) ??
    pausedBy(facts, look) ??
    underWay(facts) ??
    gone(facts, look) ??
    notAllReady(look) ??
    fires(facts) ??
    changedByHand(facts) ??
    wentWrong(facts, look) ??
    healthy(facts, look)
  );
}

function neverDeployed({ service, environment }: Facts): Finding {
  const name = shortName(service);
  return {
    health: 'absent',
    cause: 'nothing-deployed',
    summary: `${name} was never deployed to ${environment}.`,
    fix: `platform deploy ${name} --env ${environment} --version …`,
  };
}

function refusedPods({ workloads, events, pods }: Look): Finding | undefined {
  const short = workloads.filter(({ wanted, ready }) => ready < wanted);
  const said =
    workloads.find(({ refused }) => refused)?.refused ??
    // An event is history where all the pods are there.
    (short.length > 0 && pods.length === 0
      ? events.find(({ reason }) => reason === 'FailedCreate')?.message
      : undefined);
  if (!said) return undefined;
  const quota = /exceeded quota/i.test(said);
  return {
    health: 'failing',
    cause: quota ? 'quota' : 'pods-refused',
    summary: quota
      ? `The quota of the namespace is used up, so that pods cannot be made: ${said}`
      : `The cluster does not let the pods be made: ${said}`,
    fix: quota
      ? 'Ask for less under resources, have fewer replicas, or have the quota raised by the platform team.'
      : 'Write into the manifests what is asked for there.',
  };
}

function pausedBy(facts: Facts, { workloads }: Look): Finding | undefined {
  const paused = workloads.find(one => one.paused);
  if (!paused) return undefined;
  const { latest, environment } = facts;
  const byDeployment = latest && !hasEnded(latest.state);
  return {
    health: byDeployment ? 'changing' : 'attention',
    cause: 'paused',
    summary: byDeployment
      ? `The rollout of ${latest.version} is paused: ${latest.summary}.`
      : `${paused.kind} ${paused.name} is paused, and no deployment is under way: new versions do not come on.`,
    fix: byDeployment
      ? 'Go on with it or stop it on the page of the deployment.'
      : `Deploying again ends the pause: platform deploy ${shortName(
          facts.service,
        )} --env ${environment} --version ${
          facts.running?.version ?? latest?.version
        }`,
  };
}

function underWay({ latest }: Facts): Finding | undefined {
  if (!latest || hasEnded(latest.state)) return undefined;
  return {
    health: 'changing',
    cause: 'in-progress',
    summary: `${latest.version} is being deployed (${latest.state.replace(
      /-/g,
      ' ',
    )}): ${latest.summary}.`,
  };
}

function gone(facts: Facts, look: Look): Finding | undefined {
  const { running, environment } = facts;
  if (!running || (look.found && look.workloads.length > 0)) return undefined;
  const name = shortName(facts.service);
  return {
    health: 'failing',
    cause: 'workload-gone',
    summary: `${running.version} was deployed to ${environment}, but its workload is not there any more: somebody removed it.`,
    fix: `Deploying again brings it back: platform deploy ${name} --env ${environment} --version ${running.version}`,
  };
}

function notAllReady({ workloads, pods }: Look): Finding | undefined {
  const short = workloads.find(({ wanted, ready }) => ready < wanted);
  if (short) {
    const waiting = pods.find(pod => !pod.ready);
    const [container] = waiting?.containers ?? [];
    return {
      health: 'failing',
      cause: 'none',
      summary: `${short.ready} of ${short.wanted} pods of ${short.name} are ready, and none of the usual reasons is seen.`,
      fix: 'The events say what Kubernetes last did with them.',
      about: waiting &&
        container && { pod: waiting.name, container: container.name },
    };
  }
  const wanted = workloads.reduce((total, one) => total + one.wanted, 0);
  if (workloads.length === 0 || wanted > 0) return undefined;
  return {
    health: 'attention',
    cause: 'no-pods-wanted',
    summary: `No pods run, because none are wanted: replicas of ${workloads[0].name} is 0.`,
    fix: 'Was it scaled down by hand? Deploying again sets what the manifests say.',
  };
}

function fires({ alerts }: Facts): Finding | undefined {
  if (alerts.length === 0) return undefined;
  const [first, ...more] = alerts;
  return {
    health: 'attention',
    cause: 'alerts',
    summary: `Its pods are ready, but ${first.name} fires${
      first.summary ? `: ${first.summary}` : ''
    }${more.length > 0 ? `, and ${more.length} more` : ''}.`,
    fix: first.runbook && `What to do stands in ${first.runbook}`,
  };
}

function changedByHand(facts: Facts): Finding | undefined {
  const { drift, running, environment } = facts;
  if (drift?.state !== 'differs' || !running) return undefined;
  return {
    health: 'attention',
    cause: 'drift',
    summary: `Somebody changed it by hand since ${running.version} was deployed: ${drift.summary}.`,
    fix: `Put what shall stay into its repository. Deploying again takes the rest back: platform deploy ${shortName(
      facts.service,
    )} --env ${environment} --version ${running.version}`,
  };
}

function wentWrong(facts: Facts, look: Look): Finding | undefined {
  const { running, latest, environment } = facts;
  if (latest?.state === 'failed') {
    return {
      health: running ? 'attention' : 'failing',
      cause: 'deployment-failed',
      summary: `${latest.version} could not be deployed to ${environment}: ${
        latest.summary
      }${ended(latest.summary)}${
        running ? ` ${running.version} runs there, ${readyOf(look)}.` : ''
      }`,
      fix: 'The page of the deployment has the evidence.',
    };
  }
  if (running?.kind === 'rollback' && running.undoes) {
    return {
      health: 'attention',
      cause: 'put-back',
      summary: `${
        running.version
      } was put back in the place of a later deployment${
        running.reason ? ` (${running.reason})` : ''
      }, and runs: ${readyOf(look)}.`,
    };
  }
  return undefined;
}

function healthy(facts: Facts, look: Look): Finding {
  const { running, environment } = facts;
  if (!running) {
    return {
      health: 'absent',
      cause: 'nothing-deployed',
      summary: `Nothing of ${shortName(
        facts.service,
      )} was deployed well to ${environment} yet.`,
    };
  }
  return {
    health: 'healthy',
    cause: 'none',
    summary: `${running.version} runs in ${environment}: ${readyOf(look)}.`,
  };
}

function readyOf({ workloads }: Look): string {
  const total = (of: 'wanted' | 'ready') =>
    workloads.reduce((sum, one) => sum + one[of], 0);
  return `${total('ready')} of ${total('wanted')} pods are ready`;
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? '' : '.';
}
