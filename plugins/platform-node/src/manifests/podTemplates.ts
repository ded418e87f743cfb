import { z } from 'zod';
import { KubernetesObject } from './KubernetesObject';
import { isRecord, Step, valueAt } from './valueAt';

const flag = z.boolean().nullish();
const user = z.number().nullish();
const quantity = z.union([z.string(), z.number()]);
const quantities = z.record(quantity).nullish();
const texts = z.record(z.string()).nullish();

const securityContextSchema = z
  .object({
    privileged: flag,
    allowPrivilegeEscalation: flag,
    runAsNonRoot: flag,
    runAsUser: user,
    procMount: z.string().nullish(),
    capabilities: z
      .object({
        add: z.array(z.string()).nullish(),
        drop: z.array(z.string()).nullish(),
      })
      .passthrough()
      .nullish(),
    seccompProfile: z.object({ type: z.string() }).passthrough().nullish(),
    appArmorProfile: z.object({ type: z.string() }).passthrough().nullish(),
    windowsOptions: z.object({ hostProcess: flag }).passthrough().nullish(),
    sysctls: z.array(z.object({ name: z.string() }).passthrough()).nullish(),
  })
  .passthrough()
  .nullish();

const probeSchema = z.record(z.unknown()).nullish();

const containerSchema = z
  .object({
    name: z.string(),
    image: z.string().nullish(),
    restartPolicy: z.string().nullish(),
    ports: z
      .array(
        z
          .object({
            name: z.string().nullish(),
            containerPort: z.number(),
            hostPort: z.number().nullish(),
          })
          .passthrough(),
      )
      .nullish(),
    env: z
      .array(
        z
          .object({ name: z.string(), value: z.string().nullish() })
          .passthrough(),
      )
      .nullish(),
    resources: z
      .object({ requests: quantities, limits: quantities })
      .passthrough()
      .nullish(),
    securityContext: securityContextSchema,
    readinessProbe: probeSchema,
    livenessProbe: probeSchema,
    startupProbe: probeSchema,
  })
  .passthrough();
export type Container = z.output<typeof containerSchema>;

const podSpecSchema = z
  .object({
    containers: z.array(containerSchema),
    initContainers: z.array(containerSchema).nullish(),
    ephemeralContainers: z.array(z.unknown()).nullish(),
    volumes: z.array(z.object({ name: z.string() }).passthrough()).nullish(),
    serviceAccountName: z.string().nullish(),
    serviceAccount: z.string().nullish(),
    hostNetwork: flag,
    hostPID: flag,
    hostIPC: flag,
    nodeName: z.string().nullish(),
    priorityClassName: z.string().nullish(),
    securityContext: securityContextSchema,
  })
  .passthrough();
export type PodSpec = z.output<typeof podSpecSchema>;

const podTemplateSchema = z
  .object({
    metadata: z
      .object({ labels: texts, annotations: texts })
      .passthrough()
      .nullish(),
    spec: podSpecSchema,
  })
  .passthrough();
/** What pods are made from. All that is not named here is kept as it is. */
export type PodTemplate = z.output<typeof podTemplateSchema>;

/** A pod template that was found in an object, or what is wrong where one should be. */
export type FoundTemplate = { path: string } & (
  | { ok: true; template: PodTemplate }
  | { ok: false; problems: string[] }
);

const metricsSchema = z.object({
  spec: z.object({
    metrics: z.array(
      z.object({ provider: z.object({ job: z.unknown() }).nullish() }),
    ),
  }),
});

/** Every pod template of an object: its own, and those of jobs that it starts. */
export function podTemplatesOf(object: KubernetesObject): FoundTemplate[] {
  return pathsOf(object).map(path => {
    const shown = path.join('.');
    const parsed = podTemplateSchema.safeParse(valueAt(object, path));
    if (parsed.success) return { path: shown, ok: true, template: parsed.data };
    const problems = parsed.error.issues.map(
      issue => `${[...path, ...issue.path].join('.')}: ${issue.message}`,
    );
    return { path: shown, ok: false, problems };
  });
}

/** The same object with its pod templates changed. One that cannot be read is left as it is. */
export function changePodTemplates(
  object: KubernetesObject,
  change: (template: PodTemplate) => PodTemplate,
): KubernetesObject {
  return pathsOf(object).reduce<KubernetesObject>((changed, path) => {
    const [field, ...rest] = path;
    return {
      ...changed,
      [field]: changeAt(changed[field], rest, value => {
        const parsed = podTemplateSchema.safeParse(value);
        return parsed.success ? change(parsed.data) : value;
      }),
    };
  }, object);
}

/** The same object with every container changed that its pods run, also those that run before the others. */
export function changeContainers(
  object: KubernetesObject,
  change: (container: Container) => Container,
): KubernetesObject {
  return changePodTemplates(object, ({ spec, ...template }) => ({
    ...template,
    spec: {
      ...spec,
      containers: spec.containers.map(change),
      ...(spec.initContainers && {
        initContainers: spec.initContainers.map(change),
      }),
    },
  }));
}

/** All containers of a pod; those that run before it come first. */
export function containersOf({
  initContainers,
  containers,
}: PodSpec): Container[] {
  return [...(initContainers ?? []), ...containers];
}

/** Whether it is meant to run until it is replaced. */
export function isWorkload({ kind }: KubernetesObject): boolean {
  return kind === 'Deployment' || kind === 'Rollout';
}

function pathsOf(object: KubernetesObject): Step[][] {
  switch (object.kind) {
    case 'Rollout':
      // It may name a Deployment instead of having a template; one that has both is looked at all the same.
      return valueAt(object, ['spec', 'workloadRef']) !== undefined &&
        valueAt(object, ['spec', 'template']) === undefined
        ? []
        : [['spec', 'template']];
    case 'Deployment':
    case 'Job':
      return [['spec', 'template']];
    case 'CronJob':
      return [['spec', 'jobTemplate', 'spec', 'template']];
    case 'AnalysisTemplate': {
      const parsed = metricsSchema.safeParse(object);
      if (!parsed.success) return [];
      return parsed.data.spec.metrics.flatMap(({ provider }, at) =>
        provider?.job === undefined || provider.job === null
          ? []
          : [['spec', 'metrics', at, 'provider', 'job', 'spec', 'template']],
      );
    }
    default:
      return [];
  }
}

function changeAt(
  value: unknown,
  path: Step[],
  change: (value: unknown) => unknown,
): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return change(value);
  if (Array.isArray(value)) {
    return value.map((item, at) =>
      at === step ? changeAt(item, rest, change) : item,
    );
  }
  return isRecord(value)
    ? { ...value, [step]: changeAt(value[step], rest, change) }
    : value;
}
