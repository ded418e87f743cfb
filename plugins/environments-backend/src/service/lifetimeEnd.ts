import {
  EXTENDED_UNTIL_ANNOTATION,
  expiryOf,
  KEEP_LABEL,
  LAST_ACTIVITY_ANNOTATION,
} from '@highroad/plugin-environments-common';
import { EnvironmentResource } from './EnvironmentResources';
import { PreviewSettings } from './PreviewSettings';

/** Whether it stays until a person ends it. */
export function isKept({
  labels,
  spec,
}: Pick<EnvironmentResource, 'labels' | 'spec'>): boolean {
  return labels[KEEP_LABEL] === 'true' || spec?.keep === true;
}

/** When an environment ends; undefined for one that is kept, and for one that can't be read. */
export function lifetimeEnd(
  resource: EnvironmentResource,
  { lifetime }: Pick<PreviewSettings, 'lifetime'>,
): Date | undefined {
  const { annotations, createdAt, spec } = resource;
  if (!spec) return undefined;
  return expiryOf(
    {
      ttl: spec.ttl,
      kept: isKept(resource),
      createdAt,
      lastActivityAt: timeIn(annotations[LAST_ACTIVITY_ANNOTATION]),
      extendedUntil: timeIn(annotations[EXTENDED_UNTIL_ANNOTATION]),
    },
    { countFrom: lifetime.countFrom, maxLifetimeMs: lifetime.max },
  );
}

function timeIn(text: string | undefined): Date | undefined {
  const at = text ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : new Date(at);
}
