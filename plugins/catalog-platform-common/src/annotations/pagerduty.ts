import { PAGERDUTY_INTEGRATION_KEY, PAGERDUTY_SERVICE_ID } from './names';
import { AnnotationRule } from './problem';

// PagerDuty gives services short ids of capitals and digits: 7 characters in
// older accounts, 14 in newer ones. Events API keys are 32 letters and digits.
const SERVICE_ID = /^[A-Z][A-Z0-9]{5,13}$/;
const INTEGRATION_KEY = /^[a-z0-9]{32}$/i;

export function isPagerDutyServiceId(value: string): boolean {
  return SERVICE_ID.test(value);
}

/** Finds the service id in an address copied from PagerDuty, or in one typed in lower case. */
export function guessPagerDutyServiceId(value: string): string | undefined {
  const text = value.slice(0, 1000).trim();
  const fromAddress =
    /\/(?:service-directory|services)\/([a-z0-9]{6,14})(?:[/?#]|$)/i.exec(text);
  const guess = (fromAddress?.[1] ?? text).toUpperCase();
  // A word is not an id typed in lower case; an id has digits in practice.
  return isPagerDutyServiceId(guess) && (fromAddress || /\d/.test(guess))
    ? guess
    : undefined;
}

export const pagerDutyServiceIdRule: AnnotationRule = {
  name: PAGERDUTY_SERVICE_ID,
  purpose: 'The PagerDuty service that calls the people on duty.',
  example: 'PX3YZ12',
  check(value) {
    if (isPagerDutyServiceId(value)) {
      return undefined;
    }
    if (INTEGRATION_KEY.test(value.trim())) {
      return {
        rule: 'pagerduty-key-as-service-id',
        level: 'warning',
        message:
          'This looks like a PagerDuty integration key, which is a credential, and not like a service id.',
        shownAs: '(an integration key, hidden)',
        fix: 'Write the id of the service instead, from the address of its page in PagerDuty, and replace the key there: whoever read this file can use it.',
      };
    }
    const guess = guessPagerDutyServiceId(value);
    return {
      rule: 'pagerduty-service-id',
      level: 'warning',
      message: 'This is not the id of a PagerDuty service.',
      fix: guess
        ? `Write "${guess}".`
        : 'Write the id from the address of the service in PagerDuty, such as "PX3YZ12".',
    };
  },
};

export const pagerDutyIntegrationKeyRule: AnnotationRule = {
  name: PAGERDUTY_INTEGRATION_KEY,
  purpose:
    'Not to be used: a credential that lets every reader of the catalog call people. Use the service id.',
  example: '(none)',
  check(value) {
    const text = value.trim();
    if (isPagerDutyServiceId(text)) {
      return {
        rule: 'pagerduty-service-id-as-key',
        level: 'warning',
        message:
          'This is the id of a service, written where a key is expected.',
        fix: `Rename the annotation to ${PAGERDUTY_SERVICE_ID}.`,
      };
    }
    return {
      rule: 'pagerduty-integration-key',
      level: 'warning',
      message:
        'An integration key is a credential: everyone who can read the catalog can call people with it.',
      shownAs: '(a key, hidden)',
      fix: `Remove it, replace the key in PagerDuty, and write the id of the service as ${PAGERDUTY_SERVICE_ID}.`,
    };
  },
};
