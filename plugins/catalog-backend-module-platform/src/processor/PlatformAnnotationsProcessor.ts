import { Entity } from '@backstage/catalog-model';
import { AlphaEntity } from '@backstage/catalog-model/alpha';
import {
  CatalogProcessor,
  CatalogProcessorEmit,
  LocationSpec,
} from '@backstage/plugin-catalog-node';
import {
  Finding,
  PLATFORM_FINDINGS,
  toStatusItem,
} from '@highroad/plugin-catalog-platform-common';
import { checkAnnotations } from './checkAnnotations';
import { handOver, takeOver } from './handOver';
import { linksFor } from './links';
import { settleAnnotations } from './settleAnnotations';
import { settleFields } from './settleFields';

export interface PlatformAnnotationsOptions {
  /** Address of the PagerDuty account, for links. */
  pagerDutyUrl: string;
  /** Annotations that this installation uses besides the platform's own. */
  alsoKnown: readonly string[];
}

/**
 * Checks the annotations that the platform reads and the fields that people
 * often get wrong, reports what is wrong as findings on the entity, and adds the
 * links that follow from annotations.
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

  /** Before the catalog's own checks, which refuse the whole of what has one field amiss. */
  async preProcessEntity(
    entity: Entity,
    location: LocationSpec,
  ): Promise<Entity> {
    const annotated = settleAnnotations(entity, location.target);
    const settled = settleFields(annotated.entity, location.target);
    return handOver(settled.entity, [
      ...annotated.findings,
      ...settled.findings,
    ]);
  }

  async postProcessEntity(
    entity: Entity,
    location: LocationSpec,
    _emit: CatalogProcessorEmit,
  ): Promise<Entity> {
    const { entity: taken, findings: settled } = takeOver(entity);
    const { alsoKnown, pagerDutyUrl } = this.#options;
    const findings = [
      ...settled,
      ...checkAnnotations(taken, location.target, alsoKnown),
    ];
    return withFindings(withLinks(taken, pagerDutyUrl), findings);
  }
}

function withLinks(entity: Entity, pagerDutyUrl: string): Entity {
  const links = linksFor(entity, pagerDutyUrl);
  return links.length > 0
    ? { ...entity, metadata: { ...entity.metadata, links } }
    : entity;
}

/**
 * Stores the findings with the entity. The catalog does not index the status,
 * so that an annotation makes entities with findings searchable.
 */
function withFindings(entity: AlphaEntity, findings: Finding[]): Entity {
  if (findings.length === 0) {
    return entity;
  }
  const level = findings.some(finding => finding.level === 'error')
    ? 'error'
    : 'warning';
  const marked: AlphaEntity = {
    ...entity,
    metadata: {
      ...entity.metadata,
      annotations: {
        ...entity.metadata.annotations,
        [PLATFORM_FINDINGS]: level,
      },
    },
    status: {
      ...entity.status,
      items: [...(entity.status?.items ?? []), ...findings.map(toStatusItem)],
    },
  };
  return marked;
}
