import { z } from 'zod';
import { PrometheusSettings } from './PrometheusSettings';

/** The one number that a query came to, or why there is none. */
export type Answer =
  | { known: true; value: number }
  | { known: false; why: string };

/** Answers a query with one number. */
export interface Numbers {
  ask(query: string, signal: AbortSignal): Promise<Answer>;
}

/** Stands where none is connected. */
export const noNumbers: Numbers = {
  ask: async () =>
    unknown('no Prometheus is connected; see platform.prometheus.url'),
};

const CALL_MS = 5_000;
const sample = z.tuple([z.number(), z.string()]);
const answerSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({
        resultType: z.literal('vector'),
        result: z.array(z.object({ value: sample })),
      }),
      z.object({ resultType: z.literal('scalar'), result: sample }),
      z.object({ resultType: z.literal('matrix'), result: z.unknown() }),
      z.object({ resultType: z.literal('string'), result: z.unknown() }),
    ]),
  }),
  z.object({ status: z.literal('error'), error: z.string() }),
]);

/**
 * Asks Prometheus for how things are now.
 *
 * @see https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
 */
export class Prometheus implements Numbers {
  readonly #settings: PrometheusSettings;

  constructor(settings: PrometheusSettings) {
    this.#settings = settings;
  }

  /** Never throws for what Prometheus does or fails to do: that is what its answer says. */
  async ask(query: string, signal: AbortSignal): Promise<Answer> {
    const { url, token } = this.#settings;
    const within = AbortSignal.timeout(CALL_MS);
    try {
      const response = await fetch(`${url}/api/v1/query`, {
        method: 'POST',
        body: new URLSearchParams({ query }),
        headers: token ? { authorization: `Bearer ${token}` } : {},
        signal: AbortSignal.any([signal, within]),
      });
      const parsed = answerSchema.safeParse(
        await response.json().catch(() => undefined),
      );
      return parsed.success
        ? numberIn(parsed.data)
        : unknown(`Prometheus answered with status ${response.status}`);
    } catch (error) {
      if (signal.aborted) throw error;
      return unknown(
        within.aborted
          ? `Prometheus did not answer within ${CALL_MS / 1000} seconds`
          : `Prometheus does not answer at ${url} (${causeOf(error)})`,
      );
    }
  }
}

function numberIn(answer: z.output<typeof answerSchema>): Answer {
  if (answer.status === 'error') {
    return unknown(`Prometheus refuses the query: ${answer.error}`);
  }
  const { data } = answer;
  switch (data.resultType) {
    case 'scalar':
      return number(data.result[1]);
    case 'vector':
      if (data.result.length === 0) {
        return unknown('the query comes to nothing: no such series has data');
      }
      if (data.result.length > 1) {
        return unknown(
          `the query comes to ${data.result.length} values; aggregate them to one`,
        );
      }
      return number(data.result[0].value[1]);
    default:
      return unknown(`the query comes to a ${data.resultType}, not a number`);
  }
}

/** As Prometheus writes numbers. */
function number(text: string): Answer {
  const value = Number(text.replace(/Inf$/, 'Infinity'));
  return Number.isNaN(value)
    ? unknown('the query comes to no number (NaN), as zero divided by zero')
    : { known: true, value };
}

function unknown(why: string): Answer {
  return { known: false, why };
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const { code } = cause as NodeJS.ErrnoException;
  return cause.message || code || error.message;
}
