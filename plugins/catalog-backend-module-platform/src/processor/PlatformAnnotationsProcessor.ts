import { Entity } from '@backstage/catalog-model';
import { AlphaEntity, EntityStatusItem } from '@backstage/catalog-model/alpha';
import {
  CatalogProcessor,
  CatalogProcessorEmit,
  LocationSpec,
} from '@backstage/plugin-catalog-node';
import {
  Finding,
  FINDING_STATUS_TYPE,
  findingsOf,
  PLATFORM_FINDINGS,
  toStatusItem,
} from '@highroad/plugin-catalog-platform-common';
import { checkAnnotations } from './checkAnnotations';
import { linksFor } from './links';
import { settleAnnotations } from './settleAnnotations';

export interface PlatformAnnotationsOptions {
  /** Address of the PagerDuty account, for links. */
  pagerDutyUrl: string;
  /** Annotations that this installation uses besides the platform's own. */
  alsoKnown: readonly string[];
}

/**
 * Checks the annotations that the platform reads, reports what is wrong as
 * findings on the entity, and adds the links that follow from them.
 *
 * Nothing here throws: an error in a processor makes the catalog discard the
 * entity's whole update, so a typing mistake in one annotation would hold back
 * everything else in the file.
 */
export class PlatformAnnotationsProcessor implements CatalogProcessor {
  readonly #options: PlatformAnnotationsOptions;

  constructor(options: PlatformAnnotationsOptions) {
    this.#options = options;
  }

  getProcessorName(): string {
    return 'PlatformAnnotationsProcessor';
  }

  /** Later than others, to see the annotations that they add. */
  getPriority(): number {
    return 30;
  }

  /** Before the catalog's own checks, which refuse annotations that are not text. */
  async preProcessEntity(
    entity: Entity,
    location: LocationSpec,
  ): Promise<Entity> {
    const settled = settleAnnotations(entity, location.target);
    return withFindings(settled.entity, settled.findings);
  }

  async postProcessEntity(
    entity: Entity,
    location: LocationSpec,
    _emit: CatalogProcessorEmit,
  ): Promise<Entity> {
    const findings = [
      ...findingsOf(entity),
      ...checkAnnotations(entity, location.target, this.#options.alsoKnown),
    ];
    const links = linksFor(entity, this.#options.pagerDutyUrl);
    const linked =
      links.length > 0
        ? { ...entity, metadata: { ...entity.metadata, links } }
        : entity;
    return markFindings(withFindings(linked, findings), findings);
  }
}

/** Replaces the platform's items in the status, and leaves those of others alone. */
function withFindings(entity: AlphaEntity, findings: Finding[]): Entity {
  const before: unknown = entity.status?.items;
  const others = Array.isArray(before)
    ? before.filter(
        (item: EntityStatusItem | undefined) =>
          item?.type !== FINDING_STATUS_TYPE,
      )
    : [];
  if (!Array.isArray(before) && findings.length === 0) {
    return entity;
  }
  const marked: AlphaEntity = {
    ...entity,
    status: {
      ...entity.status,
      items: [...others, ...findings.map(toStatusItem)],
    },
  };
  return marked;
}

/** The catalog does not index the status, so that an annotation makes findings searchable. */
function markFindings(entity: Entity, findings: Finding[]): Entity {
  const { [PLATFORM_FINDINGS]: _, ...annotations } =
    entity.metadata.annotations ?? {};
  if (findings.length > 0) {
    annotations[PLATFORM_FINDINGS] = findings.some(f => f.level === 'error')
      ? 'error'
      : 'warning';
  }
  return { ...entity, metadata: { ...entity.metadata, annotations } };
}
