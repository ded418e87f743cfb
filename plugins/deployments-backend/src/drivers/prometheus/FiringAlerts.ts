import { FiringAlert, Part } from '@highroad/plugin-deployments-common';
import { z } from 'zod';
import { PrometheusSettings } from './PrometheusSettings';

const CALL_MS = 5_000;
const answerSchema = z.object({
  data: z.object({
    alerts: z.array(
      z.object({
        state: z.string(),
        activeAt: z.string(),
        labels: z.record(z.string()),
        annotations: z.record(z.string()).default({}),
      }),
    ),
  }),
});

/** Tells which alerts fire about what runs in a namespace. */
export interface Alerts {
  firing(namespace: string): Promise<Part<FiringAlert>>;
}

/** Stands where no Prometheus is connected. */
export const noAlerts: Alerts = {
  firing: async () => ({
    known: false,
    why: 'No Prometheus is connected.',
    connect: 'Write its address into platform.prometheus.url.',
  }),
};

/**
 * Asks Prometheus, whose rules say what is to be alerted of.
 *
 * @see https://prometheus.io/docs/prometheus/latest/querying/api/#alerts
 */
export class FiringAlerts implements Alerts {
  readonly #settings: PrometheusSettings;

  constructor(settings: PrometheusSettings) {
    this.#settings = settings;
  }

  async firing(namespace: string): Promise<Part<FiringAlert>> {
    const { url, token } = this.#settings;
    try {
      const response = await fetch(`${url}/api/v1/alerts`, {
        headers: token ? { authorization: `Bearer ${token}` } : {},
        signal: AbortSignal.timeout(CALL_MS),
      });
      if (!response.ok) {
        return notKnown(`Prometheus answered with status ${response.status}.`);
      }
      const parsed = answerSchema.safeParse(await response.json());
      if (!parsed.success) {
        return notKnown('Prometheus answered with something else than alerts.');
      }
      const { alerts } = parsed.data.data;
      return {
        known: true,
        items: alerts
          .filter(({ state }) => state === 'firing')
          .filter(({ labels }) => labels.namespace === namespace)
          .map(({ labels, annotations, activeAt }) => ({
            name: labels.alertname ?? 'An alert without a name',
            severity: labels.severity,
            summary: annotations.summary ?? annotations.description,
            since: activeAt,
            runbook: annotations.runbook_url,
          })),
      };
    } catch (error) {
      return notKnown(
        error instanceof Error && error.name === 'TimeoutError'
          ? `Prometheus did not answer within ${CALL_MS / 1000} seconds.`
          : `Prometheus does not answer at ${url}.`,
      );
    }
  }
}

function notKnown(why: string): Part<FiringAlert> {
  return { known: false, why };
}
