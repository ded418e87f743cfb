/** Every annotation of the platform's own starts with this. */
export const PLATFORM_PREFIX = 'platform.myorg.com/';

export const GITHUB_PROJECT_SLUG = 'github.com/project-slug';
export const PAGERDUTY_SERVICE_ID = 'pagerduty.com/service-id';
export const PAGERDUTY_INTEGRATION_KEY = 'pagerduty.com/integration-key';
export const DATADOG_DASHBOARD_URL = 'datadog/dashboard-url';

export const PLATFORM_TEMPLATE = `${PLATFORM_PREFIX}template`;
export const PLATFORM_TEMPLATE_VERSION = `${PLATFORM_PREFIX}template-version`;
export const PLATFORM_IMAGE = `${PLATFORM_PREFIX}image`;
export const PLATFORM_TIER = `${PLATFORM_PREFIX}tier`;
export const PLATFORM_PORT = `${PLATFORM_PREFIX}port`;
export const PLATFORM_HEALTH_PATH = `${PLATFORM_PREFIX}health-path`;
export const PLATFORM_READY_PATH = `${PLATFORM_PREFIX}ready-path`;
export const PLATFORM_METRICS_PATH = `${PLATFORM_PREFIX}metrics-path`;
export const PLATFORM_RUNBOOK_URL = `${PLATFORM_PREFIX}runbook-url`;
export const PLATFORM_ROLLBACK_CONDITIONS = `${PLATFORM_PREFIX}rollback-conditions`;
export const PLATFORM_DATABASE_KEY = `${PLATFORM_PREFIX}database-key`;
export const PLATFORM_SLACK_CHANNEL = `${PLATFORM_PREFIX}slack-channel`;

/**
 * Written by the platform on everything that has findings, so that it can be
 * searched for. Its value is the highest level among them: `warning` or `error`.
 */
export const PLATFORM_FINDINGS = `${PLATFORM_PREFIX}findings`;
