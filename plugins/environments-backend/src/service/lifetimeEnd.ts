import { InputError } from '@backstage/errors';
import {
  EXTENDED_UNTIL_ANNOTATION,
  expiryOf,
  KEEP_LABEL,
  LAST_ACTIVITY_ANNOTATION,
  parseDuration,
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

/**
 * When an environment would end if it stayed that much longer than it does; the same rule at every door.
 *
 * @param by - such as `3d`
 * @throws InputError for more than it may have, or one that has no end
 */
export function extendedEnd(
  resource: EnvironmentResource,
  by: string,
  settings: Pick<PreviewSettings, 'lifetime'>,
): Date {
  const end = lifetimeEnd(resource, settings);
  const more = parseDuration(by);
  if (!end || more === undefined) {
    throw new InputError(
      isKept(resource)
        ? `${resource.name} is kept: it has no end that could be moved.`
        : `${resource.name} can't be extended by ${by}.`,
    );
  }
  const until = end.getTime() + more;
  const latest = resource.createdAt.getTime() + settings.lifetime.max;
  if (until > latest) {
    throw new InputError(
      `${resource.name} can stay until ${new Date(latest)
        .toISOString()
        .slice(0, 16)
        .replace('T', ' ')} UTC at most. Extend it by less, or have it kept.`,
    );
  }
  return new Date(until);
}

function timeIn(text: string | undefined): Date | undefined {
  const at = text ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : new Date(at);
}
