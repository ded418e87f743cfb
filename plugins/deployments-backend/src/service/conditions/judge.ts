import { Answer, Numbers } from '../../drivers/prometheus/Prometheus';
import { boundText, Condition, fill, Placeholder } from './Condition';

/** What a deployment is, as far as queries can ask for it. */
export interface Judged {
  service: string;
  environment: string;
  namespace: string;
  version: string;
  /** Of the new pods, one for each workload */
  hashes: string[];
}

/** What a look at one condition came to. */
export interface Judgement {
  name: string;
  /** `unknown` is not a pass */
  state: 'held' | 'violated' | 'unknown';
  /** In a sentence, with value and threshold */
  told: string;
  /** What was asked */
  query: string;
}

/** Asks for each condition whether it holds now. */
export function judge(
  numbers: Numbers,
  conditions: Condition[],
  about: Judged,
  signal: AbortSignal,
): Promise<Judgement[]> {
  return Promise.all(
    conditions.map(condition => judgeOne(numbers, condition, about, signal)),
  );
}

async function judgeOne(
  numbers: Numbers,
  condition: Condition,
  about: Judged,
  signal: AbortSignal,
): Promise<Judgement> {
  const values = valuesOf(condition, about);
  const query = fill(condition.query, values);
  const { name, samples, fewSamples, threshold } = condition;
  const came = (state: Judgement['state'], told: string): Judgement => ({
    ...{ name, state, query },
    told: `${name} ${told}`,
  });
  const unknown = (why: string) =>
    came('unknown', `could not be evaluated: ${why}`);
  if (about.hashes.length === 0 && asksForPods(condition)) {
    return unknown('the new pods are not known');
  }
  if (samples) {
    const count = await numbers.ask(fill(samples.query, values), signal);
    if (!count.known) return unknown(count.why);
    if (count.value < samples.min) {
      const few = `${shortNumber(count.value)} of ${
        samples.min
      } samples in ${span(condition.window)}`;
      return fewSamples === 'pass'
        ? came('held', `was not judged, as is allowed here: only ${few}`)
        : unknown(`only ${few}`);
    }
  }
  const answer: Answer = await numbers.ask(query, signal);
  if (!answer.known) return unknown(answer.why);
  const { value } = answer;
  const good =
    condition.bound === 'max' ? value <= threshold : value >= threshold;
  return came(
    good ? 'held' : 'violated',
    `is ${shortNumber(value)}, ${
      good ? 'good is' : 'but has to be'
    } ${boundText(condition)}`,
  );
}

function valuesOf(
  { window }: Condition,
  about: Judged,
): Record<Placeholder, string> {
  const { service, environment, namespace, version, hashes } = about;
  return {
    service: service.replace(/^.*\//, ''),
    ...{ environment, namespace, version },
    podHash: hashes.length === 1 ? hashes[0] : `(${hashes.join('|')})`,
    window: span(window),
  };
}

function asksForPods({ query, samples }: Condition): boolean {
  return [query, samples?.query].some(text => text?.includes('{podHash}'));
}

/** A duration as PromQL writes it. */
export function span(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

function shortNumber(value: number): string {
  return Number.isFinite(value)
    ? String(Number(value.toPrecision(4)))
    : String(value);
}
