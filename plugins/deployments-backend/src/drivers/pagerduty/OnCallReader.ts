import { OnCall, Part } from '@highroad/plugin-deployments-common';
import { z } from 'zod';
import { PagerDutySettings } from './PagerDutySettings';

/** In the catalog: which service of PagerDuty calls the people on duty. */
export const PAGERDUTY_ANNOTATION = 'pagerduty.com/service-id';
const SERVICE_ID = /^[A-Z0-9]{6,14}$/;
const CALL_MS = 5_000;
const RUNBOOK = `Write the id of its PagerDuty service into the annotation ${PAGERDUTY_ANNOTATION} of its catalog-info.yaml.`;

const serviceSchema = z.object({
  service: z.object({ escalation_policy: z.object({ id: z.string() }) }),
});
const onCallsSchema = z.object({
  oncalls: z.array(
    z.object({
      escalation_level: z.number().int(),
      end: z.string().nullish(),
      user: z.object({
        id: z.string(),
        summary: z.string(),
        html_url: z.string().nullish(),
      }),
    }),
  ),
});

class StatusError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`status ${status}`);
    this.status = status;
  }
}

/** Tells who is called when a service breaks. */
export interface OnCalls {
  /** @param annotations - of the service in the catalog */
  now(annotations: Record<string, string>): Promise<Part<OnCall>>;
}

/** Stands where PagerDuty is not connected. */
export const noOnCalls: OnCalls = {
  now: async () => ({
    known: false,
    why: 'PagerDuty is not connected.',
    connect: 'Write a read-only API key into platform.pagerduty.token.',
  }),
};

/**
 * Asks PagerDuty: the service says its escalation policy, and that who is on call.
 *
 * @see https://developer.pagerduty.com/api-reference/3a6b910f11050-list-all-of-the-on-calls
 */
export class OnCallReader implements OnCalls {
  readonly #settings: PagerDutySettings;

  constructor(settings: PagerDutySettings) {
    this.#settings = settings;
  }

  async now(annotations: Record<string, string>): Promise<Part<OnCall>> {
    const id = annotations[PAGERDUTY_ANNOTATION];
    if (!id) {
      return {
        known: false,
        why: 'It is not known which service of PagerDuty it is.',
        connect: RUNBOOK,
      };
    }
    if (!SERVICE_ID.test(id)) {
      return {
        known: false,
        why: `${PAGERDUTY_ANNOTATION} is no id of a PagerDuty service.`,
        connect: RUNBOOK,
      };
    }
    try {
      const { service } = await this.#get(`/services/${id}`, serviceSchema);
      const query = new URLSearchParams({
        'escalation_policy_ids[]': service.escalation_policy.id,
        earliest: 'true',
        limit: '100',
      });
      const { oncalls } = await this.#get(`/oncalls?${query}`, onCallsSchema);
      const items = oncalls
        .sort((a, b) => a.escalation_level - b.escalation_level)
        .map(({ user, escalation_level, end }) => ({
          name: user.summary,
          level: escalation_level,
          page: user.html_url ?? undefined,
          until: end ?? undefined,
        }));
      return { known: true, items };
    } catch (error) {
      return { known: false, why: whyNot(error, id, this.#settings.apiUrl) };
    }
  }

  async #get<T extends z.ZodTypeAny>(
    path: string,
    schema: T,
  ): Promise<z.output<T>> {
    const { apiUrl, token } = this.#settings;
    const response = await fetch(`${apiUrl}${path}`, {
      headers: {
        Authorization: `Token token=${token}`,
        Accept: 'application/vnd.pagerduty+json;version=2',
      },
      // Who is on call is no reason to hold up why it fails.
      signal: AbortSignal.timeout(CALL_MS),
    });
    if (!response.ok) throw new StatusError(response.status);
    return schema.parse(await response.json());
  }
}

function whyNot(error: unknown, id: string, url: string): string {
  if (error instanceof StatusError) {
    switch (error.status) {
      case 401:
        return 'PagerDuty does not take the key in platform.pagerduty.token.';
      case 403:
        return 'The key in platform.pagerduty.token may not read services and on-calls.';
      case 404:
        return `PagerDuty has no service ${id}; it stands in the annotation ${PAGERDUTY_ANNOTATION}.`;
      case 429:
        return 'PagerDuty is asked too often now; try again in a minute.';
      default:
        return `PagerDuty answered with status ${error.status}.`;
    }
  }
  if (error instanceof z.ZodError || error instanceof SyntaxError) {
    return 'PagerDuty answered with something that its documentation does not say.';
  }
  return error instanceof Error && error.name === 'TimeoutError'
    ? `PagerDuty did not answer within ${CALL_MS / 1000} seconds.`
    : `PagerDuty does not answer at ${url}.`;
}
