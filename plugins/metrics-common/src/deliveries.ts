import { defineDelivery } from '@highroad/plugin-platform-common';

/** What Git hosts tell of repositories. */
export const repositoryDelivery = defineDelivery({
  plugin: 'metrics',
  name: 'repository-delivery',
  summary: 'say which repository to look into',
  path: '/v1/webhooks/git-hosts',
  signedWith: 'platform.pullRequests.hosts',
  event: 'webhook',
  limit: '25mb',
});

/** What PagerDuty tells of incidents. */
export const incidentDelivery = defineDelivery({
  plugin: 'metrics',
  name: 'incident-delivery',
  summary: 'report incidents as PagerDuty does',
  path: '/v1/webhooks/pagerduty',
  signedWith: 'platform.metrics.pagerduty.webhookSecrets',
  event: 'webhook',
  limit: '2mb',
});
