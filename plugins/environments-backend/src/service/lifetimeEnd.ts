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
  settings: Pick<PreviewSettings, 'lifetime'>,
  now: Date,
): Date | undefined {
  const counted = countedEnd(resource, settings);
  const notice = endsNotBefore(resource, settings, now);
  return counted && notice && notice > counted ? notice : counted;
}

/**
 * Until when an environment stays at least whose end a change has brought nearer than was told: as long before as others are
 * warned, or its time to live from now if that is shorter, so that nothing that somebody changes ends one at once. Never
 * longer than was told.
 *
 * @returns undefined where no change has
 */
export function endsNotBefore(
  resource: EnvironmentResource,
  settings: Pick<PreviewSettings, 'lifetime'>,
  now: Date,
): Date | undefined {
  const { spec, status } = resource;
  const counted = countedEnd(resource, settings);
  if (!spec || !counted) return undefined;
  const given = timeIn(status.endsNotBefore);
  const told = timeIn(status.expiresAt);
  const end = given && given > counted ? given : counted;
  const wasSeen = status.observedGeneration !== undefined;
  // What was seen and was told no end was kept.
  const isNearer = wasSeen && (!told || end < told);
  if (!isNearer) return given;
  const lives = parseDuration(spec.ttl) ?? 0;
  const noticed = now.getTime() + Math.min(settings.lifetime.warnBefore, lives);
  return told && told.getTime() < noticed ? told : new Date(noticed);
}

/** When one that is kept would end if it were not any more; undefined where its manifest keeps it. */
export function endIfNotKept(
  resource: EnvironmentResource,
  settings: Pick<PreviewSettings, 'lifetime'>,
  now: Date,
): Date | undefined {
  if (!isKept(resource)) return undefined;
  const { [KEEP_LABEL]: _, ...labels } = resource.labels;
  return lifetimeEnd({ ...resource, labels }, settings, now);
}

/** By its time to live and what it was extended to alone. */
function countedEnd(
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
  now: Date,
): Date {
  const end = lifetimeEnd(resource, settings, now);
  const more = parseDuration(by);
  if (!end || more === undefined) {
    throw new InputError(
      isKept(resource)
        ? `${resource.name} is kept: it has no end that could be moved.`
        : `${resource.name} can't be extended by ${by}.`,
    );
  }
  const until = end.getTime() + more;
  const latest = Math.max(
    resource.createdAt.getTime() + settings.lifetime.max,
    end.getTime(),
  );
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
