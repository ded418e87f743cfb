import { parseEntityRef } from '@backstage/catalog-model';

/** Where a key is. */
export interface SecretPath {
  environment: string;
  /** Whole reference */
  service: string;
  key: string;
}

/**
 * The part of a path that stands for a service: its name, and for what is no component of the default namespace the whole
 * reference, so that no two services share one. Names in the catalog hold neither ":" nor "/".
 */
export function folderOf(service: string): string {
  const { kind, namespace, name } = parseEntityRef(service);
  return kind === 'component' && namespace === 'default'
    ? name
    : `${kind}:${namespace}:${name}`;
}

/** The service that a folder is of. */
export function serviceOf(folder: string): string {
  const [kind, namespace, name] = folder.split(':');
  return name ? `${kind}:${namespace}/${name}` : `component:default/${folder}`;
}

/** `<environment>/<service>` */
export function prefixOf(place: Omit<SecretPath, 'key'>): string {
  return `${place.environment}/${folderOf(place.service)}`;
}

/** `<environment>/<service>/<key>` */
export function pathOf(path: SecretPath): string {
  return `${prefixOf(path)}/${path.key}`;
}
