import { KubernetesObject } from '../KubernetesObject';
import { confine, ConfinementError } from './confine';

const options = {
  namespace: 'cart-staging',
  service: 'cart',
};

const object = (
  apiVersion: string,
  kind: string,
  spec?: object,
  metadata: object = {},
): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: 'cart', ...metadata },
  ...(spec && { spec }),
});
const account = object('v1', 'ServiceAccount');
const pod = (spec: object = {}, container: object = {}) => ({
  template: {
    metadata: { labels: { app: 'cart' } },
    spec: {
      serviceAccountName: 'cart',
      containers: [{ name: 'cart', image: 'cart:1', ...container }],
      ...spec,
    },
  },
});
const deployment = (spec: object = {}, container: object = {}) =>
  object('apps/v1', 'Deployment', pod(spec, container));

const routed = (trafficRouting: object) =>
  object('argoproj.io/v1alpha1', 'Rollout', {
    ...pod(),
    strategy: { canary: { trafficRouting } },
  });

const problemsIn = (
  place: Parameters<typeof confine>[1],
  ...objects: KubernetesObject[]
): string[] => {
  try {
    confine(objects, place);
    return [];
  } catch (error) {
    if (error instanceof ConfinementError) return error.problems;
    throw error;
  }
};

const problemsOf = (...objects: KubernetesObject[]) =>
  problemsIn(options, ...objects);

describe('what a repository brings', () => {
  it('is put into the namespace of its service, and marked', () => {
    const [, workload] = confine([account, deployment()], options);
    expect(workload).toMatchObject({
      metadata: {
        namespace: 'cart-staging',
        labels: {
          'app.kubernetes.io/managed-by': 'highroad',
          'platform.myorg.com/service': 'cart',
        },
      },
      spec: {
        template: {
          metadata: {
            labels: { app: 'cart', 'platform.myorg.com/service': 'cart' },
          },
        },
      },
    });
    expect(JSON.stringify(workload.spec)).not.toContain('d-1');
  });

  it('is left as it is otherwise', () => {
    const rest = {
      strategy: { rollingUpdate: { maxSurge: 1 } },
      odd: [{ a: null }],
    };
    const given = { ...deployment(), spec: { ...pod(), ...rest } };
    const [, workload] = confine([account, given], options);
    expect(workload.spec).toMatchObject(rest);
    expect(given.metadata).toEqual({ name: 'cart' });
  });

  it.each([
    deployment(),
    object('argoproj.io/v1alpha1', 'Rollout', pod()),
    object('argoproj.io/v1alpha1', 'Rollout', {
      workloadRef: { name: 'cart' },
    }),
    object('argoproj.io/v1alpha1', 'AnalysisTemplate', {
      metrics: [{ name: 'a', provider: { prometheus: { query: 'up' } } }],
    }),
    object('v1', 'Service', { ports: [] }),
    object('v1', 'ConfigMap'),
    routed({ nginx: { stableIngress: 'cart' } }),
    routed({ istio: { virtualService: { name: 'cart' } } }),
    object('networking.k8s.io/v1', 'Ingress', {
      rules: [{ host: 'any.test' }],
    }),
    object('networking.k8s.io/v1', 'NetworkPolicy', { podSelector: {} }),
    object('autoscaling/v2', 'HorizontalPodAutoscaler', {}),
    object('policy/v1', 'PodDisruptionBudget', {}),
    object('batch/v1', 'Job', pod()),
    object('batch/v1', 'CronJob', { jobTemplate: { spec: pod() } }),
    object('monitoring.coreos.com/v1', 'ServiceMonitor', { endpoints: [] }),
    object('monitoring.coreos.com/v1', 'PrometheusRule', {}),
  ])('may be a $kind', allowed => {
    expect(problemsOf(account, allowed)).toEqual([]);
  });

  it.each([
    [
      'rbac.authorization.k8s.io/v1',
      'ClusterRoleBinding',
      /gives nobody rights/,
    ],
    ['rbac.authorization.k8s.io/v1', 'RoleBinding', /gives nobody rights/],
    ['v1', 'Secret', /secret store/],
    ['v1', 'Namespace', /the platform makes/],
    ['v1', 'PersistentVolume', /not among/],
    ['v1', 'Pod', /Deployment or a Job/],
    ['v1', 'List', /not among/],
    ['apps/v1', 'DaemonSet', /platform team/],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', /not among/],
    [
      'admissionregistration.k8s.io/v1',
      'MutatingWebhookConfiguration',
      /not among/,
    ],
    ['apiregistration.k8s.io/v1', 'APIService', /not among/],
    ['scheduling.k8s.io/v1', 'PriorityClass', /not among/],
    [
      'autoscaling/v1',
      'HorizontalPodAutoscaler',
      /write apiVersion: autoscaling\/v2/,
    ],
    ['evil.io/v1', 'Deployment', /not among/],
    ['v1', 'constructor', /not among/],
  ])('may not be a %s %s', (apiVersion, kind, why) => {
    expect(problemsOf(object(apiVersion, kind))).toEqual([
      expect.stringMatching(why),
    ]);
  });

  it('may not be in another namespace', () => {
    expect(
      problemsOf(
        object('v1', 'ConfigMap', undefined, { namespace: 'kube-system' }),
      ),
    ).toEqual([
      expect.stringMatching(
        /"kube-system" is another namespace than cart-staging/,
      ),
    ]);
    expect(
      problemsOf(
        object('v1', 'ConfigMap', undefined, { namespace: 'cart-staging' }),
      ),
    ).toEqual([]);
  });

  it.each([
    [{ hostNetwork: true }, {}, /hostNetwork/],
    [{ hostPID: true }, {}, /hostPID/],
    [{ hostIPC: true }, {}, /hostIPC/],
    [{ nodeName: 'n' }, {}, /nodeName/],
    [{ priorityClassName: 'system-node-critical' }, {}, /priorityClassName/],
    [
      { serviceAccountName: 'highroad-deployer' },
      {},
      /not among the ServiceAccounts/,
    ],
    [{ serviceAccount: 'admin' }, {}, /"admin" is not among/],
    [{ volumes: [{ name: 'v', hostPath: { path: '/' } }] }, {}, /hostPath/],
    [{ volumes: [{ name: 'v', emptyDir: {}, nfs: {} }] }, {}, /nfs/],
    [
      {
        securityContext: {
          sysctls: [{ name: 'kernel.core_pattern', value: 'x' }],
        },
      },
      {},
      /kernel.core_pattern/,
    ],
    [
      { securityContext: { seccompProfile: { type: 'Unconfined' } } },
      {},
      /Unconfined/,
    ],
    [
      {
        initContainers: [{ name: 'i', securityContext: { privileged: true } }],
      },
      {},
      /i: privileged/,
    ],
    [{ hostNetwork: 'yes' }, {}, /hostNetwork: Expected boolean/],
    [{ containers: 'x' }, {}, /containers: Expected array/],
    [{}, { securityContext: { privileged: true } }, /privileged/],
    [
      {},
      { securityContext: { capabilities: { add: ['SYS_ADMIN'] } } },
      /SYS_ADMIN/,
    ],
    [{}, { securityContext: { procMount: 'Unmasked' } }, /procMount/],
    [
      {},
      { securityContext: { windowsOptions: { hostProcess: true } } },
      /hostProcess/,
    ],
    [{}, { ports: [{ containerPort: 80, hostPort: 80 }] }, /hostPort/],
  ])(
    'may not reach its node by %j %j, whatever makes the pod',
    (spec, container, why) => {
      const inside = pod(spec, container);
      for (const made of [
        deployment(spec, container),
        object('argoproj.io/v1alpha1', 'Rollout', inside),
        object('argoproj.io/v1alpha1', 'Rollout', {
          ...inside,
          workloadRef: { name: 'x' },
        }),
        object('batch/v1', 'Job', inside),
        object('batch/v1', 'CronJob', { jobTemplate: { spec: inside } }),
        object('argoproj.io/v1alpha1', 'AnalysisTemplate', {
          metrics: [
            { name: 'none', provider: null },
            { name: 'a', provider: { job: { spec: inside } } },
          ],
        }),
      ]) {
        const problems = problemsOf(account, made);
        expect(problems.join('\n')).toMatch(why);
      }
    },
  );

  it.each([
    [object('v1', 'Service', { type: 'NodePort' }), /NodePort/],
    [
      object('v1', 'Service', { type: 'ExternalName', externalName: 'x' }),
      /ExternalName/,
    ],
    [object('v1', 'Service', { externalIPs: ['1.1.1.1'] }), /externalIPs/],
    [
      object(
        'networking.k8s.io/v1',
        'Ingress',
        {},
        {
          annotations: {
            'nginx.ingress.kubernetes.io/configuration-snippet': 'x',
          },
        },
      ),
      /secrets of everyone/,
    ],
    [
      object(
        'networking.k8s.io/v1',
        'Ingress',
        {},
        {
          annotations: {
            'nginx.ingress.kubernetes.io/auth-tls-secret': 'kube-system/ca',
          },
        },
      ),
      /secret of another namespace/,
    ],
    [
      object('argoproj.io/v1alpha1', 'Rollout', {
        ...pod(),
        strategy: {
          canary: {
            trafficRouting: {
              nginx: {
                additionalIngressAnnotations: { 'server-snippet': 'x' },
              },
            },
          },
        },
      }),
      /server-snippet/,
    ],
    [
      routed({ istio: { virtualService: { name: 'cart.shop' } } }),
      /istio\.virtualService: "cart\.shop" is in another namespace/,
    ],
    [
      routed({ istio: { virtualServices: [{ name: 'a' }, { name: 'b.c' }] } }),
      /"b\.c" is in another namespace/,
    ],
    [
      routed({ istio: { destinationRule: { name: 'cart.shop' } } }),
      /istio\.destinationRule/,
    ],
    [
      routed({ plugins: { 'argoproj-labs/gatewayAPI': { namespace: 'x' } } }),
      /plugins: they run with the rights of Argo Rollouts/,
    ],
    [
      object('monitoring.coreos.com/v1', 'ServiceMonitor', {
        namespaceSelector: { any: true },
      }),
      /namespaceSelector/,
    ],
    [
      object('monitoring.coreos.com/v1', 'ServiceMonitor', {
        namespaceSelector: { matchNames: ['x'] },
      }),
      /namespaceSelector/,
    ],
    [
      object('monitoring.coreos.com/v1', 'ServiceMonitor', {
        endpoints: [
          {
            bearerTokenFile:
              '/var/run/secrets/kubernetes.io/serviceaccount/token',
          },
        ],
      }),
      /file of Prometheus/,
    ],
    [
      object('argoproj.io/v1alpha1', 'AnalysisTemplate', {
        metrics: [
          { name: 'a', provider: { web: { url: 'http://169.254.169.254' } } },
        ],
      }),
      /web would be asked/,
    ],
    [
      object('argoproj.io/v1alpha1', 'AnalysisTemplate', { metrics: 'x' }),
      /metrics/,
    ],
    [
      object('v1', 'ConfigMap', undefined, { finalizers: ['x/y'] }),
      /finalizers/,
    ],
    [
      object('v1', 'ConfigMap', undefined, { ownerReferences: [] }),
      /ownerReferences/,
    ],
    [
      object('v1', 'ServiceAccount', undefined, { name: 'highroad-deployer' }),
      /platform’s/,
    ],
    [
      object('v1', 'ConfigMap', undefined, { name: 'highroad-inventory' }),
      /the platform keeps in highroad-inventory what it applied/,
    ],
  ])('may not have others do for it what it may not: %#', (asked, why) => {
    expect(problemsOf(account, asked).join('\n')).toMatch(why);
  });

  it('may not be there twice, nor not at all, nor without end', () => {
    expect(problemsOf(account, account)).toEqual([
      'ServiceAccount cart: it is there twice',
    ]);
    expect(problemsOf()).toEqual([expect.stringMatching(/no object/)]);
    const many = Array.from({ length: 201 }, (_, at) =>
      object('v1', 'ConfigMap', undefined, { name: `c-${at}` }),
    );
    expect(problemsOf(...many)).toEqual([expect.stringMatching(/at most 200/)]);
  });

  it('is refused with every problem, not only the first', () => {
    const problems = problemsOf(
      object('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'),
      deployment(
        { hostNetwork: true, volumes: [{ name: 'v', hostPath: {} }] },
        { securityContext: { privileged: true } },
      ),
      object('v1', 'Secret', undefined, { namespace: 'other' }),
    );
    expect(problems).toHaveLength(7);
  });
});

describe('an Ingress where services have hosts of their own', () => {
  const hosts = ['cart.example.com', 'cart.example.org'];
  const problemsWith = (one: KubernetesObject) =>
    problemsIn({ ...options, hosts }, account, one);
  const ingress = (spec: object, annotations = {}) =>
    object('networking.k8s.io/v1', 'Ingress', spec, { annotations });

  it('may name these', () => {
    const rules = [{ host: 'cart.example.com' }, { host: 'Cart.Example.org' }];
    expect(problemsWith(ingress({ rules }))).toEqual([]);
    expect(problemsWith(ingress({}))).toEqual([]);
  });

  it.each([
    [
      ingress({ rules: [{ host: 'shop.example.com' }] }),
      /rules\[0\]\.host: "shop\.example\.com" may be another's; .* have cart\.example\.com or cart\.example\.org/,
    ],
    [ingress({ rules: [{ host: '*.example.com' }] }), /may be another's/],
    [ingress({ rules: [{ http: { paths: [] } }] }), /without one/],
    [ingress({ defaultBackend: {} }), /defaultBackend/],
    [
      ingress({}, { 'nginx.ingress.kubernetes.io/server-alias': 'x.test' }),
      /server-alias may name the host of another/,
    ],
    [
      routed({
        nginx: {
          additionalIngressAnnotations: { 'server-alias': 'x.test' },
        },
      }),
      /server-alias may name the host of another/,
    ],
  ])('names none of others: %#', (one, problem) => {
    expect(problemsWith(one)).toEqual([expect.stringMatching(problem)]);
  });
});
