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

/**
 * @returns the service that a folder is of; nothing for one that somebody else made, which no service can have: references
 * have no capitals, and beside `cart` what is in `Cart` would be taken for the same service
 */
export function serviceOf(folder: string): string | undefined {
  if (folder !== folder.toLowerCase()) return undefined;
  const parts = folder.split(':');
  if (parts.some(part => part === '')) return undefined;
  if (parts.length === 1) return `component:default/${folder}`;
  const [kind, namespace, name] = parts;
  return parts.length === 3 ? `${kind}:${namespace}/${name}` : undefined;
}

/** `<environment>/<service>` */
export function prefixOf(place: Omit<SecretPath, 'key'>): string {
  return `${place.environment}/${folderOf(place.service)}`;
}

/** `<environment>/<service>/<key>` */
export function pathOf(path: SecretPath): string {
  return `${prefixOf(path)}/${path.key}`;
}

/** A path as it stands in an address: what is written straight to Vault may have any name. */
export function inAddress(path: string): string {
  return encodeURI(path).replace(/[?#]/g, encodeURIComponent);
}
