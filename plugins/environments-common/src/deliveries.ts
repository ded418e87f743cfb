import { defineDelivery } from '@highroad/plugin-platform-common';

/** What Git hosts tell of pull requests. */
export const pullRequestDelivery = defineDelivery({
  plugin: 'environments',
  name: 'pull-request-delivery',
  summary: 'say which pull request to look at',
  path: '/v1/webhooks/:host',
  signedWith: 'platform.pullRequests.hosts',
  event: 'webhook',
  // GitHub sends at most 25 MB; a delivery about a pull request is far smaller.
  limit: '5mb',
});
