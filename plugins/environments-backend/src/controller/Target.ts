import {
  ENVIRONMENT_HOME_LABEL,
  ENVIRONMENT_NAME_LABEL,
  ENVIRONMENT_UID_LABEL,
  EnvironmentSpec,
  ownNamespaceOf,
  slugOf,
} from '@highroad/plugin-environments-common';
import { EnvironmentResource } from '../service/EnvironmentResources';
import { PreviewSettings } from '../service/PreviewSettings';
import { hostOf } from './hostOf';

/** One environment, and what it is to consist of. */
export interface Target {
  resource: EnvironmentResource;
  spec: EnvironmentSpec;
  slug: string;
  /** The namespace that it has for itself */
  namespace: string;
  /** Reference of the group that owns it */
  owner: string;
  /** On everything of it */
  labels: Record<string, string>;
  settings: PreviewSettings;
}

export function targetOf(
  resource: EnvironmentResource,
  spec: EnvironmentSpec,
  owner: string,
  settings: PreviewSettings,
): Target {
  const slug = slugFor(resource, settings);
  return {
    ...{ resource, spec, owner, settings, slug },
    namespace: ownNamespaceOf(slug),
    labels: labelsOf(resource),
  };
}

export function slugFor(
  { home, name }: Pick<EnvironmentResource, 'home' | 'name'>,
  settings: Pick<PreviewSettings, 'namespace'>,
): string {
  return slugOf({ namespace: home, name }, settings.namespace);
}

export function labelsOf(
  resource: Pick<EnvironmentResource, 'uid' | 'name' | 'home'>,
): Record<string, string> {
  return {
    'app.kubernetes.io/managed-by': 'highroad',
    [ENVIRONMENT_UID_LABEL]: resource.uid,
    [ENVIRONMENT_NAME_LABEL]: resource.name,
    [ENVIRONMENT_HOME_LABEL]: resource.home,
  };
}

/** Where a public service answers. */
export interface Address {
  host: string;
  url: string;
}

/** @returns undefined where no pattern for addresses is configured */
export function addressOf(
  service: string,
  slug: string,
  settings: Pick<PreviewSettings, 'url'>,
): Address | undefined {
  if (!settings.url) return undefined;
  const [, scheme, pattern, port = ''] =
    /^(https?):\/\/(.*?)(:\d+)?$/.exec(settings.url) ?? [];
  if (!pattern) return undefined;
  const host = hostOf(pattern, service, slug);
  return { host, url: `${scheme}://${host}${port}` };
}
