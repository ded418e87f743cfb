import { Condition, fill } from './Condition';
import { span } from './judge';

/** The argument of an analysis that names the new pods. */
export const POD_HASH = 'highroad-pod-hash';
/** The argument that says how long is waited before the first look. */
export const WAIT = 'highroad-wait';
/** Argo Rollouts asks again after so many seconds what could not be evaluated, whatever the interval. */
const RETRY_SECONDS = 10;
/** A Prometheus that starts again is away for so long at least. */
const LEAST_PATIENCE_SECONDS = 20;

/** What queries of an analysis are about, as far as it is known before the pods are. */
export interface Analysed {
  service: string;
  environment: string;
  namespace: string;
  version: string;
}

/**
 * A condition as Argo Rollouts measures it.
 *
 * @param options.prometheus - address as Argo Rollouts reaches it
 * @param options.once - until it was judged once, rather than on and on
 */
export function analysisMetric(
  condition: Condition,
  about: Analysed,
  options: { prometheus: string; once: boolean },
): object {
  const { name, window, bound, threshold } = condition;
  const seconds = Math.min(60, Math.max(5, Math.round(window / 4)));
  const query = fill(combined(condition), {
    ...about,
    service: about.service.replace(/^.*\//, ''),
    podHash: `{{args.${POD_HASH}}}`,
    window: span(window),
  });
  const patience = Math.max(LEAST_PATIENCE_SECONDS, 2 * window);
  return {
    name: `platform-${name}`,
    ...(options.once
      ? { count: 1, initialDelay: `{{args.${WAIT}}}` }
      : { interval: `${seconds}s` }),
    // Nothing is known of new pods before they were scraped for a while, or while Prometheus starts again; after that, not
    // to know is not to pass.
    consecutiveErrorLimit: Math.ceil(patience / RETRY_SECONDS),
    // One value, or it fails to be evaluated: an index that is not there is an error, not a false.
    successCondition: `result[0] ${bound === 'max' ? '<=' : '>='} ${threshold}`,
    provider: { prometheus: { address: options.prometheus, query } },
  };
}

/** The query with its samples in one, which comes to nothing where there is no number or too few samples. */
function combined({ query, samples, fewSamples, threshold }: Condition) {
  // A comparison leaves out NaN.
  const value = `(${one(query)} >= -Inf)`;
  if (!samples) return value;
  const enough = `(${value} and on() (${one(samples.query)} >= ${
    samples.min
  }))`;
  if (fewSamples === 'fail') return enough;
  const few = `(${one(samples.query)} < ${samples.min})`;
  return `${enough} or on() (vector(${threshold}) and on() ${few})`;
}

/** NaN where there are none or several: Argo Rollouts would take the first of them for all. */
function one(query: string): string {
  return `vector(scalar(${query}))`;
}
