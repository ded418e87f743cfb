import { carriesCredentials, parseHttpsUrl } from './httpsUrl';
import { DATADOG_DASHBOARD_URL } from './names';
import { AnnotationRule } from './problem';

// Datadog's sites: datadoghq.com, .eu, us3/us5/ap1/ap2.datadoghq.com, ddog-gov.com,
// and an organisation's own name in front of any of them.
const SITE = /(^|\.)(datadoghq\.(com|eu)|ddog-gov\.com)$/;

export const datadogDashboardRule: AnnotationRule = {
  name: DATADOG_DASHBOARD_URL,
  purpose: 'The dashboard to look at first when something is wrong.',
  example: 'https://app.datadoghq.com/dashboard/abc-def-ghi',
  check(value) {
    const verdict = parseHttpsUrl(value);
    const shownAs = carriesCredentials(value)
      ? '(an address with credentials, hidden)'
      : undefined;
    if (!verdict.ok) {
      return {
        rule: 'datadog-dashboard-url',
        level: 'warning',
        message: `The address of the dashboard ${verdict.reason}.`,
        shownAs,
        fix: 'Copy the address from the browser while the dashboard is open, such as "https://app.datadoghq.com/dashboard/abc-def-ghi".',
      };
    }
    if (!SITE.test(verdict.url.hostname)) {
      return {
        rule: 'datadog-dashboard-host',
        level: 'warning',
        message: `${verdict.url.hostname} is not a Datadog site.`,
        fix: 'Write the address of a Datadog dashboard here; put dashboards of other tools under metadata.links.',
      };
    }
    if (verdict.url.pathname === '/') {
      return {
        rule: 'datadog-dashboard-url',
        level: 'warning',
        message: 'This is the start page of Datadog and not a dashboard.',
        fix: 'Copy the address from the browser while the dashboard is open.',
      };
    }
    return undefined;
  },
};
