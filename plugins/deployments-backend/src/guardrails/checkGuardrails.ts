import {
  describeObject,
  KubernetesObject,
} from '../drivers/manifests/KubernetesObject';
import { VERSION_ANNOTATION } from '../drivers/manifests/names';
import {
  containersOf,
  isWorkload,
  podTemplatesOf,
} from '../drivers/manifests/podTemplates';
import { Guardrail, Subject } from './Guardrail';
import { imageVersion } from './images';
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
];

/** A rule that does not hold for one service for a while, with the reason that is kept. */
export interface Deviation {
  /** Id of the guardrail */
  rule: string;
  /** Reference of the service */
  service: string;
  reason: string;
  /** ISO 8601 */
  expiresAt: string;
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

/**
 * Looks at every container of every object.
 *
 * @param options.service - reference of the service, by which deviations are found
 * @param options.deviations - of any service; one that has expired lifts nothing, and is said to have
 * @param options.now - milliseconds since 1970
 */
export function checkGuardrails(
  objects: KubernetesObject[],
  options: { service: string; deviations: Deviation[]; now: number },
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
  options: { service: string; deviations: Deviation[]; now: number },
): void {
  const { service, now } = options;
  const deviations = options.deviations.filter(
    one => one.rule === guardrail.id && one.service === service,
  );
  // A time that cannot be read has no end that could be waited for, so it lifts nothing.
  const current = deviations.find(one => Date.parse(one.expiresAt) > now);
  const [expired] = deviations;
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
        lift: expired
          ? `${fix}. A deviation lifted this until ${expired.expiresAt} ("${expired.reason}"); it has expired, so renew it if the reason still holds.`
          : `${fix}. If it cannot be so, record a deviation from "${guardrail.id}" with its reason and an end.`,
      });
    }
  }
}
