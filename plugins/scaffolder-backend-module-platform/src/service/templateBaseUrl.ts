import {
  ANNOTATION_LOCATION,
  ANNOTATION_SOURCE_LOCATION,
  Entity,
  parseLocationRef,
} from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import { pathToFileURL } from 'node:url';

/**
 * The address that relative addresses in a template start from: its source location where it has one, else where
 * the catalog read it.
 */
export function templateBaseUrl(template: Entity): string {
  const annotations = template.metadata.annotations ?? {};
  const ref =
    annotations[ANNOTATION_SOURCE_LOCATION] ?? annotations[ANNOTATION_LOCATION];
  if (!ref) {
    throw new InputError(
      `Template ${template.metadata.name} does not say where it comes from.`,
    );
  }
  const { type, target } = parseLocationRef(ref);
  if (type === 'url') return target;
  if (type === 'file') return pathToFileURL(target).href;
  throw new InputError(
    `Template ${template.metadata.name} comes from a location of type "${type}", which cannot be read.`,
  );
}
