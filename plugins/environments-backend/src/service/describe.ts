import {
  Environment,
  EnvironmentDetail,
  EnvironmentPhase,
  REQUESTED_BY_ANNOTATION,
} from '@highroad/plugin-environments-common';
import { API_VERSION, KIND } from '@highroad/plugin-environments-common';
import { stringify } from 'yaml';
import { EnvironmentResource } from './EnvironmentResources';
import { endIfNotKept, isKept, lifetimeEnd } from './lifetimeEnd';
import { PreviewSettings } from './PreviewSettings';
import { wholeOwner } from './wholeOwner';

/** What people are shown of an environment in lists. */
export function describeEnvironment(
  resource: EnvironmentResource,
  settings: PreviewSettings,
  now: Date,
): Environment {
  const { name, home, spec, status, annotations, createdAt } = resource;
  const kept = isKept(resource);
  const expiresAt = lifetimeEnd(resource, settings, now);
  return {
    ...{ name, home, kept },
    phase: phaseIn(resource),
    message: status.message ?? 'Nothing of it is made yet.',
    owner: ownerOf(resource),
    // In a team's own namespace anybody of it may write what they like there.
    ...(home === settings.namespace && {
      requestedBy: annotations[REQUESTED_BY_ANNOTATION],
    }),
    pullRequest: spec?.pullRequest,
    url: status.url,
    services: (spec?.services ?? []).map(service => {
      const told = status.services.find(one => one.name === service.name);
      const image = told?.image ?? service.image;
      return {
        name: service.name,
        ...(image && { image }),
        ...(told?.url && { url: told.url }),
      };
    }),
    cluster: settings.cluster,
    namespace: status.namespace,
    createdAt: createdAt.toISOString(),
    ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    warnings: status.warnings,
  };
}

/** How it stands, in one word. */
export function phaseIn({
  deletedAt,
  status,
}: Pick<EnvironmentResource, 'deletedAt' | 'status'>): EnvironmentPhase {
  return deletedAt ? 'deleting' : status.phase ?? 'provisioning';
}

/** With all that is known of it. */
export function describeInDetail(
  resource: EnvironmentResource,
  settings: PreviewSettings,
  now: Date,
): EnvironmentDetail {
  const { name, home, spec, status } = resource;
  const endsIfNotKept = endIfNotKept(resource, settings, now);
  return {
    ...describeEnvironment(resource, settings, now),
    ...(endsIfNotKept && { endsIfNotKept: endsIfNotKept.toISOString() }),
    status,
    manifest: stringify({
      apiVersion: API_VERSION,
      kind: KIND,
      metadata: { name, namespace: home },
      spec,
    }),
    resourceVersion: resource.resourceVersion,
    generation: resource.generation,
  };
}

/** Whose it is: as the controller found, or before it looked, as it says itself. */
export function ownerOf({
  spec,
  status,
}: Pick<EnvironmentResource, 'spec' | 'status'>): string | undefined {
  if (status.owner) return status.owner;
  return spec?.owner ? wholeOwner(spec.owner) : undefined;
}

/** Names of all databases that it has or had, also of those that its manifest names no more: they stay until it ends. */
export function databasesOf({
  spec,
  status,
}: Pick<EnvironmentResource, 'spec' | 'status'>): string[] {
  const all = [...(spec?.databases ?? []), ...status.databases];
  return [...new Set(all.map(({ name }) => name))];
}
