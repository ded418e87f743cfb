import { EnvironmentResource } from '../service/EnvironmentResources';
import {
  asksToBeKept,
  endsNotBefore,
  lifetimeEnd,
} from '../service/lifetimeEnd';
import { PreviewSettings } from '../service/PreviewSettings';

type Settings = Pick<PreviewSettings, 'lifetime'>;

const KEEP_REFUSED =
  'It asks to be kept, and is not: this cluster has no ValidatingAdmissionPolicy, so who may ask for that cannot be checked here. Make it in the portal or by the command line to have it kept.';

/** As it is told in the status. */
export interface End {
  expiresAt?: Date;
  /** Where a change has brought its end nearer */
  endsNotBefore?: Date;
  /** It asks to be kept, and is not */
  keepRefused?: true;
}

/**
 * When it ends. The cluster asks whoever has one kept whether they may; where it can't be made to, only those in the
 * platform's own namespace, to which the doors of the platform lead, are kept.
 *
 * @param isPoliced - whether the cluster asks
 */
export function endOf(
  given: EnvironmentResource,
  settings: Settings & Pick<PreviewSettings, 'namespace'>,
  now: Date,
  isPoliced: boolean,
): End {
  const refuses =
    !isPoliced && given.home !== settings.namespace && asksToBeKept(given);
  const { keepRefused: _before, ...status } = given.status;
  const keepRefused = refuses && ({ keepRefused: true } as const);
  const resource = { ...given, status: { ...status, ...keepRefused } };
  return {
    expiresAt: lifetimeEnd(resource, settings, now),
    endsNotBefore: endsNotBefore(resource, settings, now),
    ...keepRefused,
  };
}

/** What is told before its end. */
export function warningsOf(
  resource: EnvironmentResource,
  { expiresAt, keepRefused }: End,
  settings: Settings,
  now: Date,
): string[] {
  const said = keepRefused ? [KEEP_REFUSED] : [];
  if (!expiresAt) return said;
  const left = expiresAt.getTime() - now.getTime();
  if (left > warnBefore(resource, expiresAt, settings)) return said;
  return [...said, endWarning(expiresAt)];
}

/** What is said some time before the end. */
export function endWarning(expiresAt: Date): string {
  const at = expiresAt.toISOString().slice(0, 16).replace('T', ' ');
  return `It ends ${at} UTC. Extend it if you still need it.`;
}

/** When its end, or the warning of it, is due, in milliseconds from now. */
export function untilTold(
  resource: EnvironmentResource,
  expiresAt: Date | undefined,
  settings: Settings,
  now: Date,
): number | undefined {
  if (!expiresAt) return undefined;
  const left = expiresAt.getTime() - now.getTime();
  const warning = left - warnBefore(resource, expiresAt, settings);
  return warning > 0 ? warning : left;
}

/** One that lives for a day is not warned of as it begins. */
function warnBefore(
  { createdAt }: EnvironmentResource,
  expiresAt: Date,
  { lifetime }: Settings,
): number {
  const half = (expiresAt.getTime() - createdAt.getTime()) / 2;
  return Math.min(lifetime.warnBefore, half);
}
