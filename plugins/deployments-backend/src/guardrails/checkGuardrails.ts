import { Deviation } from '@highroad/plugin-deployments-common';
import {
  KubernetesObject,
  VERSION_ANNOTATION,
  containersOf,
  describeObject,
  isWorkload,
  podTemplatesOf,
} from '@highroad/plugin-platform-node/manifests';
import { Guardrail, Subject } from './Guardrail';
import { imageVersion } from './images';
import { plainSecrets } from './plainSecrets';
import {
  capabilities,
  noEscalation,
  notPrivileged,
  runAsNonRoot,
  seccomp,
} from './privileges';
import { livenessProbe, readinessProbe } from './probes';
import { limits, requests } from './resources';

/** In the order in which they are shown. */
export const GUARDRAILS: readonly Guardrail[] = [
  readinessProbe,
  livenessProbe,
  requests,
  limits,
  imageVersion,
  runAsNonRoot,
  notPrivileged,
  noEscalation,
  capabilities,
  seccomp,
  plainSecrets,
];

/** Where manifests are looked at, and what is lifted there. */
export interface GuardrailOptions {
  /** Reference of the service */
  service: string;
  environment: string;
  production: boolean;
  /** Of any place; one that has expired or was ended lifts nothing, and is said to have */
  deviations: Deviation[];
  /** The last day that one could be added until now, such as `2027-01-31` */
  lastDay: string;
  /** Milliseconds since 1970 */
  now: number;
}

/** A rule that does not hold for a container. */
export interface Finding {
  /** Id of the guardrail */
  rule: string;
  /** Such as `Deployment cart` */
  object: string;
  container: string;
  found: string;
  message: string;
  /** What lifts it, in words */
  lift: string;
}

/** What the guardrails say of some manifests. */
export interface GuardrailReport {
  /** What refuses the deployment */
  refused: Finding[];
  /** What a deviation lifts */
  lifted: Array<Finding & { deviation: Deviation }>;
}

/** Looks at every container of every object. */
export function checkGuardrails(
  objects: KubernetesObject[],
  options: GuardrailOptions,
): GuardrailReport {
  const report: GuardrailReport = { refused: [], lifted: [] };
  for (const object of objects) {
    for (const found of podTemplatesOf(object)) {
      // What cannot be read is refused where manifests are confined.
      if (!found.ok) continue;
      const pod = found.template.spec;
      for (const container of containersOf(pod)) {
        const subject: Subject = {
          kind: object.kind,
          isWorkload: isWorkload(object),
          pod,
          container,
          objects,
          isInit: !pod.containers.includes(container),
          version: object.metadata.annotations?.[VERSION_ANNOTATION],
        };
        for (const guardrail of GUARDRAILS)
          addFindings(report, guardrail, object, subject, options);
      }
    }
  }
  return report;
}

function addFindings(
  report: GuardrailReport,
  guardrail: Guardrail,
  object: KubernetesObject,
  subject: Subject,
  options: GuardrailOptions,
): void {
  const { service, environment, now } = options;
  const deviations = options.deviations.filter(
    one =>
      one.guardrail === guardrail.id &&
      one.service === service &&
      one.environment === environment,
  );
  // A time that cannot be read has no end that could be waited for, so it lifts nothing.
  const current = deviations.find(
    one => !one.endedAt && Date.parse(one.expiresAt) > now,
  );
  const [over] = deviations;
  for (const { found, message, fix } of guardrail.check(subject)) {
    const finding = {
      rule: guardrail.id,
      object: describeObject(object),
      container: subject.container.name,
      found,
      message,
    };
    if (current) {
      report.lifted.push({
        ...finding,
        lift: `Lifted until ${current.expiresAt}: ${current.reason}`,
        deviation: current,
      });
    } else {
      report.refused.push({
        ...finding,
        lift: [`${fix}.`, over && wordsOf(over), wayOff(guardrail, options)]
          .filter(Boolean)
          .join(' '),
      });
    }
  }
}

function wordsOf({ reason, endedAt, endedBy, expiresAt }: Deviation): string {
  return endedAt
    ? `A deviation lifted this ("${reason}") until ${endedBy} ended it ${endedAt}.`
    : `A deviation lifted this until ${expiresAt} ("${reason}"); it has expired.`;
}

/** The very command that lifts it. */
function wayOff(guardrail: Guardrail, options: GuardrailOptions): string {
  const { service, environment, production, lastDay } = options;
  const name = service.replace(/^component:default\//, '');
  return `If it cannot be so, ${
    production ? 'the platform team lifts' : 'an owner lifts'
  } it: platform deviation add ${name} --env ${environment} --guardrail ${
    guardrail.id
  } --reason "..." --until ${lastDay}`;
}
