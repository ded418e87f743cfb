import { EnvironmentResource } from '../service/EnvironmentResources';
import { endsNotBefore, lifetimeEnd } from '../service/lifetimeEnd';
import { PreviewSettings } from '../service/PreviewSettings';

type Settings = Pick<PreviewSettings, 'lifetime'>;

/** As it is told in the status. */
export interface End {
  expiresAt?: Date;
  /** Where a change has brought its end nearer */
  endsNotBefore?: Date;
}

export function endOf(
  resource: EnvironmentResource,
  settings: Settings,
  now: Date,
): End {
  return {
    expiresAt: lifetimeEnd(resource, settings, now),
    endsNotBefore: endsNotBefore(resource, settings, now),
  };
}

/** What is told before its end. */
export function warningsOf(
  resource: EnvironmentResource,
  expiresAt: Date | undefined,
  settings: Settings,
  now: Date,
): string[] {
  if (!expiresAt) return [];
  const left = expiresAt.getTime() - now.getTime();
  if (left > warnBefore(resource, expiresAt, settings)) return [];
  const at = expiresAt.toISOString().slice(0, 16).replace('T', ' ');
  return [`It ends ${at} UTC. Extend it if you still need it.`];
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
