import { carriesCredentials, parseHttpsUrl } from './httpsUrl';
import {
  PLATFORM_DATABASE_KEY,
  PLATFORM_HEALTH_PATH,
  PLATFORM_IMAGE,
  PLATFORM_METRICS_PATH,
  PLATFORM_PORT,
  PLATFORM_READY_PATH,
  PLATFORM_ROLLBACK_CONDITIONS,
  PLATFORM_RUNBOOK_URL,
  PLATFORM_SLACK_CHANNEL,
  PLATFORM_TEMPLATE,
  PLATFORM_TEMPLATE_VERSION,
  PLATFORM_TIER,
} from './names';
import { AnnotationRule } from './problem';

const TIERS = ['1', '2', '3'];

const templateRule: AnnotationRule = {
  name: PLATFORM_TEMPLATE,
  purpose: 'The template and version that the repository was made from.',
  example: 'service@1.0.0',
  check(value) {
    if (/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?@\d+\.\d+\.\d+$/.test(value)) {
      return undefined;
    }
    return {
      rule: 'template',
      level: 'warning',
      message: 'This does not name a template and its version.',
      fix: 'Write the name and version from platform/template.yaml in the repository, such as "service@1.0.0".',
    };
  },
};

const templateVersionRule: AnnotationRule = {
  name: PLATFORM_TEMPLATE_VERSION,
  purpose: 'On a template: the version of what it creates.',
  example: '1.0.0',
  check(value) {
    if (/^\d+\.\d+\.\d+$/.test(value)) {
      return undefined;
    }
    return {
      rule: 'template-version',
      level: 'warning',
      message: 'This is not a version.',
      fix: 'Write three numbers with dots between them, such as "1.0.0".',
    };
  },
};

// Host with a port or path, in lower case, and neither tag nor digest.
const IMAGE = /^[a-z0-9]+(?:[._:/-]{1,2}[a-z0-9]+)*$/;

const imageRule: AnnotationRule = {
  name: PLATFORM_IMAGE,
  purpose: 'The image that is deployed, without a tag.',
  example: 'ghcr.io/acme/payment-service',
  check(value) {
    const tag = /:[^/]*$/.exec(value)?.[0];
    // A port stands before a slash, a tag behind the last one.
    if (IMAGE.test(value) && !tag && value.length <= 255) return undefined;
    const without = value.replace(/@.*$/, '').replace(/:[^/]*$/, '');
    return {
      rule: 'image',
      level: 'warning',
      message: 'This is not the name of an image without a tag.',
      fix: IMAGE.test(without)
        ? `Write "${without}".`
        : 'Write the name in lower case, without tag and digest, such as "ghcr.io/acme/payment-service".',
    };
  },
};

const tierRule: AnnotationRule = {
  name: PLATFORM_TIER,
  purpose:
    'How much depends on it: 1 people are woken for it, 2 it is repaired the same day, 3 it can wait.',
  example: '1',
  check(value) {
    if (TIERS.includes(value)) {
      return undefined;
    }
    const digit = /^\D*([123])\D*$/.exec(value.slice(0, 100))?.[1];
    return {
      rule: 'tier',
      level: 'warning',
      message: 'A tier is 1, 2 or 3.',
      fix: digit
        ? `Write "${digit}".`
        : 'Write "1" if people are woken for it, "2" if it is repaired the same day, "3" if it can wait.',
    };
  },
};

const portRule: AnnotationRule = {
  name: PLATFORM_PORT,
  purpose: 'The port on which the service listens.',
  example: '8080',
  check(value) {
    const port = /^\d{1,5}$/.test(value) ? Number(value) : NaN;
    if (port >= 1 && port <= 65535) {
      return undefined;
    }
    return {
      rule: 'port',
      level: 'warning',
      message: 'This is not a port.',
      fix: 'Write a whole number from 1 to 65535 in quotes, such as "8080".',
    };
  },
};

const databaseKeyRule: AnnotationRule = {
  name: PLATFORM_DATABASE_KEY,
  purpose:
    'On a database: the platform makes it in each environment, and keeps its address under this key of the secrets of the service that depends on it.',
  example: 'DATABASE_URL',
  check(value) {
    if (/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(value)) return undefined;
    return {
      rule: 'database-key',
      level: 'warning',
      message: 'This is not the name of a variable.',
      fix: 'Write the variable that the service reads the address from, such as "DATABASE_URL".',
    };
  },
};

function pathRule(name: string, purpose: string, example: string) {
  const rule: AnnotationRule = {
    name,
    purpose,
    example,
    check(value) {
      if (/^\/(?!\/)[\w\-./~%]{0,199}$/.test(value)) {
        return undefined;
      }
      return {
        rule: 'http-path',
        level: 'warning',
        message: 'This is not a path on the service.',
        shownAs: carriesCredentials(value)
          ? '(an address with credentials, hidden)'
          : undefined,
        fix: `Write a path that begins with one slash, without host and query, such as "${example}".`,
      };
    },
  };
  return rule;
}

const runbookRule: AnnotationRule = {
  name: PLATFORM_RUNBOOK_URL,
  purpose: 'What to do when it is broken.',
  example: 'https://github.com/acme/payment-service/blob/main/docs/runbook.md',
  check(value) {
    const verdict = parseHttpsUrl(value);
    if (verdict.ok) {
      return undefined;
    }
    return {
      rule: 'runbook-url',
      level: 'warning',
      message: `The address of the runbook ${verdict.reason}.`,
      shownAs: carriesCredentials(value)
        ? '(an address with credentials, hidden)'
        : undefined,
      fix: 'Write an address that begins with https:// and opens the runbook.',
    };
  },
};

// Slack: lower case, digits, hyphens and underscores, at most 80; ids begin with C or G.
const SLACK_CHANNEL = /^#?[a-z0-9_-]{1,80}$/;
const SLACK_ID = /^[CG][A-Z0-9]{8,20}$/;

const slackRule: AnnotationRule = {
  name: PLATFORM_SLACK_CHANNEL,
  purpose: 'The Slack channel where deployments are announced.',
  example: '#payments-deploys',
  check(value) {
    if (SLACK_CHANNEL.test(value) || SLACK_ID.test(value)) {
      return undefined;
    }
    const guess = value.slice(0, 200).trim().toLowerCase().replace(/\s+/g, '-');
    return {
      rule: 'slack-channel',
      level: 'warning',
      message: 'This is not the name or id of a Slack channel.',
      fix: SLACK_CHANNEL.test(guess)
        ? `Write "${guess}".`
        : 'Write the name of the channel in lower case, such as "#payments-deploys".',
    };
  },
};

const CONDITION = /^\s*[a-z0-9-]+\s*=\s*-?\d+(?:\.\d+)?\s*$/;

const conditionsRule: AnnotationRule = {
  name: PLATFORM_ROLLBACK_CONDITIONS,
  purpose:
    'Stricter thresholds than those of the environments, by the names of their conditions.',
  example: 'error-rate=0.01, latency-p99=0.3',
  check(value) {
    if (value.split(',').every(entry => CONDITION.test(entry))) {
      return undefined;
    }
    return {
      rule: 'rollback-conditions',
      level: 'warning',
      message: 'These are not thresholds of conditions.',
      fix: 'Write names of conditions with numbers, such as "error-rate=0.01, latency-p99=0.3".',
    };
  },
};

export const platformRules: AnnotationRule[] = [
  templateRule,
  templateVersionRule,
  imageRule,
  tierRule,
  databaseKeyRule,
  portRule,
  pathRule(PLATFORM_HEALTH_PATH, 'Answers while the process runs.', '/healthz'),
  pathRule(
    PLATFORM_READY_PATH,
    'Answers when the service can do its work.',
    '/readyz',
  ),
  pathRule(PLATFORM_METRICS_PATH, 'Serves Prometheus metrics.', '/metrics'),
  runbookRule,
  slackRule,
  conditionsRule,
];
