import { KubernetesObjectApi } from '@kubernetes/client-node';
import { z } from 'zod';
import { refusalIn } from './answers';

const runSchema = z.object({
  spec: z.object({
    args: z
      .array(z.object({ name: z.string(), value: z.string().optional() }))
      .default([]),
    metrics: z
      .array(
        z.object({
          name: z.string(),
          successCondition: z.string().optional(),
          failureCondition: z.string().optional(),
          provider: z
            .object({
              prometheus: z.object({ query: z.string().optional() }).optional(),
            })
            .default({}),
        }),
      )
      .default([]),
  }),
  status: z
    .object({
      metricResults: z
        .array(
          z.object({
            name: z.string(),
            phase: z.string(),
            message: z.string().optional(),
            measurements: z
              .array(
                z.object({
                  phase: z.string().optional(),
                  value: z.string().optional(),
                  message: z.string().optional(),
                }),
              )
              .default([]),
          }),
        )
        .default([]),
    })
    .default({}),
});
const BAD = ['Failed', 'Error', 'Inconclusive'];

/**
 * What the analyses of a Rollout measured that did not go well, or could not be evaluated just now: value, condition and
 * query of each metric.
 */
export async function analysisEvidence(
  api: KubernetesObjectApi,
  namespace: string,
  names: Array<string | undefined>,
): Promise<string[]> {
  const told = new Map<string, string[]>();
  for (const name of new Set(names)) {
    if (!name) continue;
    // Two may measure the same.
    for (const lines of await linesOf(api, namespace, name)) {
      told.set(lines.join('\n'), lines);
    }
  }
  return [...told.values()].flat();
}

async function linesOf(
  api: KubernetesObjectApi,
  namespace: string,
  name: string,
): Promise<string[][]> {
  let found: unknown;
  try {
    found = await api.read({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AnalysisRun',
      metadata: { name, namespace },
    });
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) throw error;
    // What it measured only explains: it failed in any case.
    return refusal.code === 404
      ? []
      : [[`AnalysisRun ${name} cannot be read: ${refusal.message}`]];
  }
  const { spec, status } = runSchema.parse(found);
  const filled = (text: string) =>
    spec.args.reduce(
      (done, arg) => done.replaceAll(`{{args.${arg.name}}}`, arg.value ?? ''),
      text,
    );
  return status.metricResults
    .map(result => ({ ...result, last: result.measurements.at(-1) ?? {} }))
    .filter(({ phase, last }) => BAD.includes(phase) || last.phase === 'Error')
    .map(({ name: metric, phase, message, last }) => {
      const { value, message: why } = last;
      const settings = spec.metrics.find(one => one.name === metric);
      const query = settings?.provider.prometheus?.query;
      const good = settings?.successCondition;
      const bad = settings?.failureCondition;
      return [
        last.phase === 'Error' || phase === 'Error'
          ? `${metric} could not be evaluated: ${why ?? message ?? ''}`
          : `${metric} is ${value ?? 'not known'} (${phase})`,
        ...(good ? [`good is: ${good}`] : []),
        ...(bad ? [`bad is: ${bad}`] : []),
        ...(query
          ? [`asked: ${filled(query).replace(/\s+/g, ' ').trim()}`]
          : []),
      ];
    });
}
