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

type Keeping = Pick<EnvironmentResource, 'spec' | 'unread'>;

/** Whether its manifest has it stay until a person ends it. */
export function isKeptByManifest({ spec, unread }: Keeping): boolean {
  return (spec ?? unread)?.keep === true;
}

/** Whether it asks to stay until a person ends it, by its manifest or by a label. */
export function asksToBeKept(
  resource: Keeping & Pick<EnvironmentResource, 'labels'>,
): boolean {
  return resource.labels[KEEP_LABEL] === 'true' || isKeptByManifest(resource);
}

/** Whether it stays until a person ends it. */
export function isKept(
  resource: Keeping & Pick<EnvironmentResource, 'labels' | 'status'>,
): boolean {
  return asksToBeKept(resource) && !resource.status.keepRefused;
}

/**
 * When an environment ends; undefined for one that is kept. One whose spec can't be read ends by its time to live all the
 * same, and where that can't be read either, when it was told to.
 */
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
  const { status } = resource;
  const counted = countedEnd(resource, settings);
  if (!counted) return undefined;
  const given = timeIn(status.endsNotBefore);
  const told = timeIn(status.expiresAt);
  const end = given && given > counted ? given : counted;
  const wasSeen = status.observedGeneration !== undefined;
  // What was seen and was told no end was kept.
  const isNearer = wasSeen && (!told || end < told);
  if (!isNearer) return given;
  const lives = parseDuration(ttlOf(resource) ?? '') ?? 0;
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
  const { annotations, changedAt, createdAt, status } = resource;
  const kept = isKept(resource);
  const ttl = ttlOf(resource);
  if (ttl === undefined) return kept ? undefined : timeIn(status.expiresAt);
  return expiryOf(
    {
      ...{ ttl, kept, createdAt },
      lastActivityAt: latestOf([
        timeIn(annotations[LAST_ACTIVITY_ANNOTATION]),
        changedAt,
      ]),
      extendedUntil: timeIn(annotations[EXTENDED_UNTIL_ANNOTATION]),
    },
    { countFrom: lifetime.countFrom, maxLifetimeMs: lifetime.max },
  );
}

function ttlOf({ spec, unread }: Keeping): string | undefined {
  return (spec ?? unread)?.ttl;
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

function latestOf(times: Array<Date | undefined>): Date | undefined {
  return times
    .filter(time => time !== undefined)
    .sort((a, b) => b.getTime() - a.getTime())
    .at(0);
}

function timeIn(text: string | undefined): Date | undefined {
  const at = text ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : new Date(at);
}
