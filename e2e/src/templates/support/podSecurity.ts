import { z } from 'zod';

const securityContextSchema = z.object({
  runAsNonRoot: z.boolean().optional(),
  runAsUser: z.number().optional(),
  allowPrivilegeEscalation: z.boolean().optional(),
  privileged: z.boolean().optional(),
  readOnlyRootFilesystem: z.boolean().optional(),
  seccompProfile: z.object({ type: z.string() }).optional(),
  capabilities: z
    .object({
      add: z.array(z.string()).optional(),
      drop: z.array(z.string()).optional(),
    })
    .optional(),
});

const probeSchema = z.object({ httpGet: z.object({ path: z.string() }) });
const amountsSchema = z.object({ cpu: z.string(), memory: z.string() });

const containerSchema = z.object({
  name: z.string(),
  image: z.string(),
  env: z.array(z.object({ name: z.string() })),
  ports: z.array(z.object({ hostPort: z.number().optional() })).default([]),
  resources: z.object({ requests: amountsSchema, limits: amountsSchema }),
  securityContext: securityContextSchema.default({}),
  startupProbe: probeSchema,
  readinessProbe: probeSchema,
  livenessProbe: probeSchema,
});

/** A pod with everything that the platform asks of a workload; reading one that lacks something is an error. */
export const podSchema = z.object({
  automountServiceAccountToken: z.boolean(),
  hostNetwork: z.boolean().optional(),
  hostPID: z.boolean().optional(),
  hostIPC: z.boolean().optional(),
  securityContext: securityContextSchema.default({}),
  volumes: z.array(z.object({ name: z.string() }).passthrough()).default([]),
  initContainers: z.array(containerSchema).default([]),
  containers: z.array(containerSchema).min(1),
});

export type Pod = z.infer<typeof podSchema>;

const VOLUMES = ['configMap', 'emptyDir', 'projected', 'secret'];

/**
 * What the Pod Security Standard "restricted" forbids and this pod does.
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function breachesOfRestricted(pod: Pod): string[] {
  const of = (name: string, breaches: Record<string, boolean>): string[] =>
    Object.entries(breaches)
      .filter(([, happens]) => happens)
      .map(([breach]) => `${name} ${breach}`);

  return [
    ...of('the pod', {
      'uses the network of its node': pod.hostNetwork === true,
      'sees the processes of its node': pod.hostPID === true,
      'shares memory with its node': pod.hostIPC === true,
    }),
    ...pod.volumes.flatMap(({ name, ...source }) =>
      of(name, {
        'is a volume of a forbidden kind': !VOLUMES.includes(
          Object.keys(source)[0],
        ),
      }),
    ),
    ...[...pod.containers, ...pod.initContainers].flatMap(container => {
      const context = { ...pod.securityContext, ...container.securityContext };
      return of(container.name, {
        'may be root': context.runAsNonRoot !== true,
        'is root': context.runAsUser === 0,
        'may gain rights': context.allowPrivilegeEscalation !== false,
        'is privileged': context.privileged === true,
        'keeps capabilities': !context.capabilities?.drop?.includes('ALL'),
        'adds capabilities': Boolean(context.capabilities?.add?.length),
        'may make any system call':
          context.seccompProfile?.type !== 'RuntimeDefault',
        'takes a port of its node': container.ports.some(
          ({ hostPort }) => hostPort !== undefined,
        ),
      });
    }),
  ];
}
