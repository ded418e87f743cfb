import { Entity, EntityLink } from '@backstage/catalog-model';
import {
  checkAnnotation,
  DATADOG_DASHBOARD_URL,
  isPagerDutyServiceId,
  PAGERDUTY_SERVICE_ID,
  PLATFORM_RUNBOOK_URL,
} from '@highroad/plugin-catalog-platform-common';
import { repositoryOf } from './repository';

function comparable(address: string): string {
  const url = URL.canParse(address) ? new URL(address).href : address;
  return url.replace(/[?#]$/, '').replace(/\/$/, '');
}

function annotationLinks(entity: Entity, pagerDutyUrl: string): EntityLink[] {
  const annotations = entity.metadata.annotations ?? {};
  const valid = (name: string) => {
    const value = annotations[name];
    return value && !checkAnnotation(name, value) ? value : undefined;
  };
  const links: EntityLink[] = [];
  const dashboard = valid(DATADOG_DASHBOARD_URL);
  if (dashboard) {
    links.push({
      url: dashboard,
      title: 'Dashboard (Datadog)',
      icon: 'dashboard',
      type: 'dashboard',
    });
  }
  const serviceId = annotations[PAGERDUTY_SERVICE_ID];
  if (serviceId && isPagerDutyServiceId(serviceId)) {
    links.push({
      url: pagerDutyServiceUrl(serviceId, pagerDutyUrl),
      title: 'On call (PagerDuty)',
      icon: 'alert',
      type: 'on-call',
    });
  }
  const runbook = valid(PLATFORM_RUNBOOK_URL);
  if (runbook) {
    links.push({
      url: runbook,
      title: 'Runbook',
      icon: 'docs',
      type: 'runbook',
    });
  }
  return links;
}

/** The page of a service in PagerDuty. */
export function pagerDutyServiceUrl(serviceId: string, pagerDutyUrl: string) {
  return `${pagerDutyUrl.replace(/\/+$/, '')}/service-directory/${serviceId}`;
}

/**
 * The links that an entity has: the ones people wrote, unchanged and first,
 * then those that follow from its annotations. One of those is left out if
 * people already linked to the same address, or gave a link of the same type.
 */
export function linksFor(entity: Entity, pagerDutyUrl: string): EntityLink[] {
  const written = entity.metadata.links ?? [];
  const repository = repositoryOf(entity);
  const offered = annotationLinks(entity, pagerDutyUrl);
  if (repository) {
    offered.push(
      {
        url: repository.url,
        title: 'Repository',
        icon: 'code',
        type: 'repository',
      },
      { url: repository.ciUrl, title: 'CI runs', icon: 'ci', type: 'ci' },
    );
  }
  const addresses = new Set(written.map(link => comparable(link.url)));
  const types = new Set(written.map(link => link.type));
  const added = offered.filter(
    link => !addresses.has(comparable(link.url)) && !types.has(link.type),
  );
  return [...written, ...added];
}
