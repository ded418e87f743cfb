import { InputError } from '@backstage/errors';
import { KubernetesObject } from '@highroad/plugin-deployments-node';
import { z } from 'zod';
import { Condition, fill } from './Condition';
import { span } from './judge';

/** The analysis that the platform adds to canaries. */
export const ANALYSIS = 'highroad-conditions';
const POD_HASH = 'highroad-pod-hash';

const listed = z.array(z.record(z.unknown())).optional();
const canarySchema = z
  .object({
    analysis: z
      .object({ templates: listed, args: listed })
      .passthrough()
      .optional(),
  })
  .passthrough();
const rolloutSchema = z
  .object({
    spec: z
      .object({
        strategy: z
          .object({ canary: canarySchema.optional() })
          .passthrough()
          .optional(),
      })
      .passthrough(),
  })
  .passthrough();

/**
 * Has Argo Rollouts judge each canary by the conditions while its traffic is shifted, beside whatever the repository
 * says itself: in the background, from the first step to the last.
 *
 * @param options.prometheus - address as Argo Rollouts reaches it
 * @throws InputError if the repository has an analysis of the platform's name
 */
export function addAnalysis(
  objects: KubernetesObject[],
  conditions: Condition[],
  options: {
    prometheus: string;
    service: string;
    environment: string;
    namespace: string;
    version: string;
  },
): KubernetesObject[] {
  if (objects.some(isAnalysis)) {
    throw new InputError(
      `AnalysisTemplate ${ANALYSIS}: this name is the platform’s; give it another.`,
    );
  }
  const judged = objects.map(withAnalysis);
  if (conditions.length === 0 || judged.every((one, at) => one === objects[at]))
    return objects;
  const { prometheus, ...about } = options;
  const metrics = conditions.map(condition =>
    metricOf(condition, prometheus, about),
  );
  const template: KubernetesObject = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: {
      name: ANALYSIS,
      namespace: options.namespace,
      labels: { 'app.kubernetes.io/managed-by': 'highroad' },
    },
    spec: { args: [{ name: POD_HASH }], metrics },
  };
  return [...judged, template];
}

/** What was applied, without the platform's analysis: what ran before is put back, however it is measured now. */
export function withoutAnalysis(
  objects: KubernetesObject[],
): KubernetesObject[] {
  if (!objects.some(isAnalysis)) return objects;
  return objects
    .filter(object => !isAnalysis(object))
    .map(object =>
      changeCanary(object, canary => {
        const { analysis, ...rest } = canary;
        const templates = (analysis?.templates ?? []).filter(
          one => one.templateName !== ANALYSIS,
        );
        if (templates.length === 0) return rest;
        const args = (analysis?.args ?? []).filter(
          one => one.name !== POD_HASH,
        );
        const { args: _, ...others } = analysis ?? {};
        return {
          ...rest,
          analysis: { ...others, templates, ...(args.length > 0 && { args }) },
        };
      }),
    );
}

function withAnalysis(object: KubernetesObject): KubernetesObject {
  return changeCanary(object, ({ analysis, ...rest }) => ({
    ...rest,
    analysis: {
      ...analysis,
      templates: [...(analysis?.templates ?? []), { templateName: ANALYSIS }],
      args: [
        ...(analysis?.args ?? []),
        { name: POD_HASH, valueFrom: { podTemplateHashValue: 'Latest' } },
      ],
    },
  }));
}

function changeCanary(
  object: KubernetesObject,
  change: (canary: z.output<typeof canarySchema>) => object,
): KubernetesObject {
  if (object.kind !== 'Rollout') return object;
  const { spec } = rolloutSchema.parse(object);
  const canary = spec.strategy?.canary;
  if (!canary) return object;
  return {
    ...object,
    spec: { ...spec, strategy: { ...spec.strategy, canary: change(canary) } },
  };
}

function metricOf(
  condition: Condition,
  address: string,
  about: {
    service: string;
    environment: string;
    namespace: string;
    version: string;
  },
) {
  const { name, window, bound, threshold } = condition;
  const seconds = Math.min(60, Math.max(5, Math.round(window / 4)));
  const query = fill(combined(condition), {
    ...about,
    service: about.service.replace(/^.*\//, ''),
    podHash: `{{args.${POD_HASH}}}`,
    window: span(window),
  });
  return {
    name: `platform-${name}`,
    interval: `${seconds}s`,
    // Nothing is known of new pods before they were scraped for a while; after that, not to know is not to pass.
    consecutiveErrorLimit: Math.ceil((2 * window) / seconds),
    // One value, or it fails to be evaluated: an index that is not there is an error, not a false.
    successCondition: `result[0] ${bound === 'max' ? '<=' : '>='} ${threshold}`,
    provider: { prometheus: { address, query } },
  };
}

/** The query with its samples in one, which comes to nothing where there is no number or too few samples. */
function combined({ query, samples, fewSamples, threshold }: Condition) {
  // A comparison leaves out NaN.
  const value = `((${query}) >= -Inf)`;
  if (!samples) return value;
  const enough = `(${value} and on() ((${samples.query}) >= ${samples.min}))`;
  if (fewSamples === 'fail') return enough;
  const few = `((${samples.query}) < ${samples.min})`;
  return `${enough} or on() (vector(${threshold}) and on() ${few})`;
}

function isAnalysis({ kind, metadata }: KubernetesObject): boolean {
  return kind === 'AnalysisTemplate' && metadata.name === ANALYSIS;
}
