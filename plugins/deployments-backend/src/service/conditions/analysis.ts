import { InputError } from '@backstage/errors';
import { KubernetesObject } from '@highroad/plugin-deployments-node';
import { z } from 'zod';
import { Analysed, analysisMetric, POD_HASH, WAIT } from './analysisMetric';
import { Condition } from './Condition';
import { firstWithTraffic, judgedSteps } from './judgedSteps';

/** The analyses that the platform adds to canaries: beside all steps, and before each that gives more traffic. */
export const ANALYSIS = 'highroad-conditions';
export const STEP_ANALYSIS = 'highroad-conditions-of-step';
const WHOLE = 100;

const listed = z.array(z.record(z.unknown())).optional();
const canarySchema = z
  .object({
    steps: z.array(z.record(z.unknown())).nullish(),
    trafficRouting: z
      .object({ maxTrafficWeight: z.number().optional() })
      .passthrough()
      .nullish(),
    analysis: z
      .object({
        templates: listed,
        args: listed,
        startingStep: z.number().optional(),
      })
      .passthrough()
      .optional(),
  })
  .passthrough();
type Canary = z.output<typeof canarySchema>;
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
const stepSchema = z.object({
  analysis: z.object({
    templates: z.array(z.object({ templateName: z.string().optional() })),
  }),
});

/**
 * Has Argo Rollouts judge each canary by the conditions while its traffic is shifted, beside whatever the repository
 * says itself: in the background, as long as it has a part of the traffic, and at a step of its own before each that gives it
 * more. That step is passed only by what was judged: what cannot be evaluated for twice as long as it looks back ends
 * the canary.
 *
 * @param options.prometheus - address as Argo Rollouts reaches it
 * @throws InputError if the repository has an analysis of the platform's name
 */
export function addAnalysis(
  objects: KubernetesObject[],
  conditions: Condition[],
  options: { prometheus: string } & Analysed,
): KubernetesObject[] {
  const taken = objects.find(isAnalysis);
  if (taken) {
    throw new InputError(
      `AnalysisTemplate ${taken.metadata.name}: this name is the platform’s; give it another.`,
    );
  }
  const window = Math.max(...conditions.map(one => one.window));
  const judged = objects.map(object =>
    changeCanary(object, canary => withAnalysis(canary, window)),
  );
  if (conditions.length === 0 || judged.every((one, at) => one === objects[at]))
    return objects;
  const { prometheus, ...about } = options;
  const template = (
    name: string,
    args: object[],
    once: boolean,
  ): KubernetesObject => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: {
      name,
      namespace: options.namespace,
      labels: { 'app.kubernetes.io/managed-by': 'highroad' },
    },
    spec: {
      args,
      metrics: conditions.map(condition =>
        analysisMetric(condition, about, { prometheus, once }),
      ),
    },
  });
  const hash = { name: POD_HASH };
  return [
    ...judged,
    template(ANALYSIS, [hash], false),
    // Argo Rollouts checks a template with its own values, and would not take a word for a duration.
    template(STEP_ANALYSIS, [hash, { name: WAIT, value: '0s' }], true),
  ];
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
        const { analysis, steps, ...rest } = canary;
        const own = {
          ...rest,
          ...(steps && { steps: steps.filter(step => !isJudging(step)) }),
        };
        const templates = (analysis?.templates ?? []).filter(
          one => one.templateName !== ANALYSIS,
        );
        if (templates.length === 0) return own;
        const args = (analysis?.args ?? []).filter(
          one => one.name !== POD_HASH,
        );
        const { args: _, startingStep, ...others } = analysis ?? {};
        return {
          ...own,
          analysis: {
            ...others,
            ...(startingStep !== undefined && {
              startingStep: indexWithout(steps ?? [], startingStep),
            }),
            templates,
            ...(args.length > 0 && { args }),
          },
        };
      }),
    );
}

function withAnalysis(
  { analysis, steps, ...rest }: Canary,
  window: number,
): object {
  const args = [
    { name: POD_HASH, valueFrom: { podTemplateHashValue: 'Latest' } },
  ];
  const judged = judgedSteps(steps ?? [], {
    window,
    whole: rest.trafficRouting?.maxTrafficWeight ?? WHOLE,
    judge: after => ({
      analysis: {
        templates: [{ templateName: STEP_ANALYSIS }],
        args: [...args, { name: WAIT, value: `${after}s` }],
      },
    }),
  });
  // Where the repository has one of its own, it says when both begin: at the same step of its own as before.
  const first = analysis?.templates
    ? analysis.startingStep
    : firstWithTraffic(steps ?? []);
  const startingStep =
    first === undefined ? undefined : indexAmong(judged, first);
  return {
    ...rest,
    ...(steps && { steps: judged }),
    analysis: {
      ...analysis,
      // There is no traffic to judge before, however long pods take to start.
      ...(startingStep !== undefined && { startingStep }),
      templates: [...(analysis?.templates ?? []), { templateName: ANALYSIS }],
      args: [...(analysis?.args ?? []), ...args],
    },
  };
}

function changeCanary(
  object: KubernetesObject,
  change: (canary: Canary) => object,
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

/** Where a step of the repository's is once there are those that judge; one that it does not have stays one. */
function indexAmong(judged: object[], own: number): number {
  return judged.reduce<number>(
    (at, step, index) => (index <= at && isJudging(step) ? at + 1 : at),
    own,
  );
}

/** Where it is without those that judge. */
function indexWithout(judged: object[], at: number): number {
  return at - judged.slice(0, at).filter(isJudging).length;
}

function isJudging(step: object): boolean {
  const read = stepSchema.safeParse(step);
  return (
    read.success &&
    read.data.analysis.templates.some(one => one.templateName === STEP_ANALYSIS)
  );
}

function isAnalysis({ kind, metadata }: KubernetesObject): boolean {
  return (
    kind === 'AnalysisTemplate' &&
    [ANALYSIS, STEP_ANALYSIS].includes(metadata.name)
  );
}
