import { KubernetesObject } from '../KubernetesObject';
import { containersOf, PodSpec, podTemplatesOf } from '../podTemplates';

/** The volumes of the Pod Security Standard "restricted". */
const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
/** Those that the standard takes for harmless. */
const SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
];
const CAPABILITIES = ['NET_BIND_SERVICE'];

/**
 * What a pod would reach beyond its own namespace: its node, other pods, an account that is not the service's. Nothing
 * lifts these.
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/
 *
 * @param accounts - names of the ServiceAccounts that the manifests bring
 */
export function problemsOfPods(
  object: KubernetesObject,
  accounts: string[],
): string[] {
  return podTemplatesOf(object).flatMap(found => {
    if (!found.ok) return found.problems;
    const { spec } = found.template;
    return [
      ...ofPod(spec),
      ...ofAccount(spec, accounts),
      ...ofVolumes(spec),
      ...ofContainers(spec),
    ].map(problem => `${found.path}.spec.${problem}`);
  });
}

function ofPod(spec: PodSpec): string[] {
  const of = (breaches: Array<[boolean, string]>) =>
    breaches.filter(([is]) => is).map(([, why]) => why);
  const context = spec.securityContext ?? {};
  return of([
    [
      isOn(spec.hostNetwork),
      'hostNetwork: it would be on the network of its node',
    ],
    [isOn(spec.hostPID), 'hostPID: it would see the processes of its node'],
    [isOn(spec.hostIPC), 'hostIPC: it would share memory with its node'],
    [Boolean(spec.nodeName), 'nodeName: the scheduler chooses the node'],
    [
      Boolean(spec.priorityClassName?.startsWith('system-')),
      'priorityClassName: it would drive out what the cluster itself needs',
    ],
    [
      Boolean(spec.ephemeralContainers?.length),
      'ephemeralContainers: these are for people who look into a pod',
    ],
    [
      isOn(context.windowsOptions?.hostProcess),
      'securityContext.windowsOptions.hostProcess: it would be a process of its node',
    ],
    ...(context.sysctls ?? []).map(({ name }): [boolean, string] => [
      !SYSCTLS.includes(name),
      `securityContext.sysctls: ${name} is a setting of the node`,
    ]),
  ]);
}

/** Another account of the namespace may be the platform's own, which may change everything there. */
function ofAccount(spec: PodSpec, accounts: string[]): string[] {
  return [...new Set([spec.serviceAccountName, spec.serviceAccount])].flatMap(
    name =>
      !name || name === 'default' || accounts.includes(name)
        ? []
        : [
            `serviceAccountName: "${name}" is not among the ServiceAccounts of the manifests (${
              accounts.join(', ') || 'there is none'
            })`,
          ],
  );
}

function ofVolumes(spec: PodSpec): string[] {
  return (spec.volumes ?? []).flatMap(({ name, ...source }) =>
    Object.keys(source)
      .filter(kind => !VOLUMES.includes(kind))
      .map(
        kind =>
          `volumes: "${name}" is a ${kind}, which leads out of the namespace; there are ${VOLUMES.join(
            ', ',
          )}`,
      ),
  );
}

function ofContainers(spec: PodSpec): string[] {
  return containersOf(spec).flatMap(({ name, ports, securityContext }) => {
    const context = securityContext ?? {};
    const says = (why: string) => `containers: ${name}: ${why}`;
    return [
      ...(isOn(context.privileged)
        ? [says('privileged: it would have the rights of its node')]
        : []),
      ...(context.procMount && context.procMount !== 'Default'
        ? [says('procMount: it would see the processes of its node')]
        : []),
      ...(isOn(context.windowsOptions?.hostProcess)
        ? [
            says(
              'windowsOptions.hostProcess: it would be a process of its node',
            ),
          ]
        : []),
      ...[context, spec.securityContext ?? {}].flatMap(one =>
        one.seccompProfile?.type === 'Unconfined' ||
        one.appArmorProfile?.type === 'Unconfined'
          ? [says('an Unconfined profile: it could make any system call')]
          : [],
      ),
      ...(context.capabilities?.add ?? [])
        .filter(capability => !CAPABILITIES.includes(capability))
        .map(capability => says(`capabilities.add: ${capability}`)),
      ...(ports ?? []).flatMap(({ hostPort }) =>
        hostPort ? [says(`hostPort: ${hostPort} is a port of its node`)] : [],
      ),
    ];
  });
}

function isOn(value: boolean | null | undefined): boolean {
  return value === true;
}
