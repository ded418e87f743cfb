import { GitHostInfo } from '@highroad/plugin-create-common';

/**
 * The name of a service's image, without a tag, in the registry that goes with its Git host.
 *
 * @param prefix - from `platform.create.imagePrefix`; the service's name is put behind it
 */
export function imageName(
  repository: { kind: GitHostInfo['kind']; host: string; slug: string },
  prefix?: string,
): string {
  const slug = repository.slug.toLowerCase();
  if (prefix) {
    return `${prefix.replace(/\/$/, '')}/${slug.slice(slug.indexOf('/') + 1)}`;
  }
  if (repository.kind === 'github') {
    // The container registry of github.com has a host of its own; an Enterprise server has it as a subdomain.
    return repository.host === 'github.com'
      ? `ghcr.io/${slug}`
      : `containers.${repository.host}/${slug}`;
  }
  return repository.kind === 'gitea'
    ? `${repository.host}/${slug}`
    : `registry.local/${slug}`;
}
