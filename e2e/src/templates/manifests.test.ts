import { join } from 'node:path';
import { describeWith } from '../support/require';
import {
  KUBERNETES,
  Manifest,
  StrictSchemas,
} from './support/kubernetesSchemas';
import { kustomize } from './support/kustomize';
import {
  RENDER_MS,
  renderServices,
  repositoryOf,
  VARIANTS,
} from './support/services';

const OVERLAYS = ['staging', 'production'];

describeWith(['kustomize', 'schemas'], 'the manifests of', () => {
  let schemas: StrictSchemas[];
  beforeAll(async () => {
    await renderServices();
    schemas = KUBERNETES.map(version => new StrictSchemas(version));
  }, RENDER_MS);

  const problemsOf = (manifests: Manifest[]) =>
    schemas.flatMap((strict, index) =>
      manifests
        .flatMap(manifest => strict.check(manifest))
        .map(problem => `${KUBERNETES[index]}: ${problem}`),
    );

  const cases = VARIANTS.flatMap(variant =>
    OVERLAYS.map(overlay => ({ ...variant, overlay })),
  );

  describe.each(cases)('$id in $overlay', ({ id, overlay, answers }) => {
    let manifests: Manifest[];
    const the = (kind: string): Manifest => {
      const found = manifests.filter(manifest => manifest.kind === kind);
      if (found.length !== 1) throw new Error(`${found.length} of ${kind}`);
      return found[0];
    };
    const workloadKind =
      answers.delivery === 'canary' ? 'Rollout' : 'Deployment';

    beforeAll(async () => {
      manifests = await kustomize(
        join(repositoryOf(id), 'deploy/overlays', overlay),
      );
    });

    it('are what Kubernetes and its extensions take, and nothing else', () => {
      expect(problemsOf(manifests)).toEqual([]);
    });

    it('say everything that a workload needs', () => {
      const name = answers.name;
      const kinds = manifests.map(({ kind }) => kind).sort();
      expect(kinds).toEqual(
        [
          ...[
            'HorizontalPodAutoscaler',
            'NetworkPolicy',
            'PodDisruptionBudget',
          ],
          ...['Service', 'ServiceAccount', 'ServiceMonitor', workloadKind],
          ...(answers.type === 'worker' ? [] : ['Ingress']),
          ...(answers.delivery === 'canary' ? ['AnalysisTemplate'] : []),
          ...(overlay === 'production' ? ['ConfigMap', 'PrometheusRule'] : []),
        ].sort(),
      );
      for (const manifest of manifests) {
        expect(manifest.metadata.namespace).toBeUndefined();
        expect(manifest.metadata.labels).toMatchObject({
          'app.kubernetes.io/name': name,
          'app.kubernetes.io/part-of': 'billing',
        });
      }

      const pod = the(workloadKind).spec.template;
      for (const selector of [
        the('Service').spec.selector,
        the('PodDisruptionBudget').spec.selector.matchLabels,
        the('NetworkPolicy').spec.podSelector.matchLabels,
        the(workloadKind).spec.selector.matchLabels,
      ]) {
        expect(pod.metadata.labels).toMatchObject(selector);
      }
      expect(the('Service').metadata.labels).toMatchObject(
        the('ServiceMonitor').spec.selector.matchLabels,
      );
      expect(the('HorizontalPodAutoscaler').spec.scaleTargetRef).toMatchObject({
        kind: workloadKind,
        apiVersion: the(workloadKind).apiVersion,
        name,
      });
      expect(the(workloadKind).spec.replicas).toBeUndefined();
      expect(the('NetworkPolicy').spec.policyTypes).toEqual([
        'Ingress',
        'Egress',
      ]);
      expect(the('ServiceMonitor').spec.endpoints[0]).toMatchObject({
        port: 'http',
        relabelings: [{ targetLabel: 'environment', replacement: overlay }],
      });
    });

    it('keep the workload within its limits and rights', () => {
      const { spec } = the(workloadKind).spec.template;
      expect(breachesOfRestricted(spec)).toEqual([]);
      expect(spec.automountServiceAccountToken).toBe(false);
      for (const container of spec.containers) {
        expect(container.image).toMatch(/:unset$/);
        expect(container.resources).toEqual({
          requests: { cpu: expect.any(String), memory: expect.any(String) },
          limits: { cpu: expect.any(String), memory: expect.any(String) },
        });
        expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
        expect(container.readinessProbe.httpGet.path).toBe('/readyz');
        for (const probe of [container.livenessProbe, container.startupProbe]) {
          expect(probe.httpGet.path).toBe('/healthz');
        }
        const variables = container.env.map((v: { name: string }) => v.name);
        expect(new Set(variables).size).toBe(variables.length);
        expect(variables.includes('DATABASE_URL')).toBe(
          answers.database === 'postgres',
        );
      }
    });
  });

  describe('a service whose manifests are spoilt', () => {
    const spoil = async (
      id: string,
      kind: string,
      change: (manifest: Manifest) => void,
    ) => {
      const manifests = await kustomize(
        join(repositoryOf(id), 'deploy/overlays/production'),
      );
      const manifest = manifests.find(candidate => candidate.kind === kind);
      if (!manifest) throw new Error(`There is no ${kind}`);
      change(manifest);
      return problemsOf([manifest]);
    };

    it.each<[string, string, RegExp, (manifest: Manifest) => void]>([
      [
        'a misspelt probe',
        'Deployment',
        /additional properties "readynessProbe"/,
        ({ spec }) => (spec.template.spec.containers[0].readynessProbe = {}),
      ],
      [
        'a missing selector',
        'Deployment',
        /required property 'selector'/,
        ({ spec }) => delete spec.selector,
      ],
      [
        'words for a number',
        'Deployment',
        /must be integer/,
        ({ spec }) => (spec.minReadySeconds = 'ten'),
      ],
      [
        'a misspelt probe',
        'Rollout',
        /additional properties "readynessProbe"/,
        ({ spec }) => (spec.template.spec.containers[0].readynessProbe = {}),
      ],
      [
        'a step of no kind',
        'Rollout',
        /additional properties "setWeigth"/,
        ({ spec }) => (spec.strategy.canary.steps[0] = { setWeigth: 5 }),
      ],
      [
        'metrics without a provider',
        'AnalysisTemplate',
        /required property 'provider'/,
        ({ spec }) => delete spec.metrics[0].provider,
      ],
      [
        'a misspelt interval',
        'ServiceMonitor',
        /additional properties "intervall"/,
        ({ spec }) => (spec.endpoints[0].intervall = '15s'),
      ],
      [
        'a severity beside the labels',
        'PrometheusRule',
        /additional properties "severity"/,
        ({ spec }) => (spec.groups[0].rules[0].severity = 'page'),
      ],
    ])('is refused for %s in a %s', async (_, kind, problem, change) => {
      const id = /Rollout|Analysis/.test(kind)
        ? 'go-api.canary'
        : 'go-api.rolling';
      const problems = await spoil(id, kind, change);
      expect(problems.join('\n')).toMatch(problem);
    });

    it('is refused for a kind that nobody knows', async () => {
      const problems = await spoil('go-api.rolling', 'Service', manifest => {
        manifest.kind = 'Servise';
      });
      expect(problems.join('\n')).toMatch(/no known kind/);
    });
  });
});

/**
 * What the Pod Security Standard "restricted" forbids and this pod does.
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
function breachesOfRestricted(pod: Record<string, any>): string[] {
  const breaches: string[] = [];
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) {
    if (pod[field]) breaches.push(field);
  }
  for (const volume of pod.volumes ?? []) {
    const [type] = Object.keys(volume).filter(key => key !== 'name');
    if (!['configMap', 'emptyDir', 'projected', 'secret'].includes(type)) {
      breaches.push(`volume ${volume.name} is a ${type}`);
    }
  }
  const containers = [...pod.containers, ...(pod.initContainers ?? [])];
  for (const { name, securityContext = {}, ports = [] } of containers) {
    const context = { ...pod.securityContext, ...securityContext };
    if (context.runAsNonRoot !== true) breaches.push(`${name} may be root`);
    if (context.runAsUser === 0) breaches.push(`${name} is root`);
    if (context.allowPrivilegeEscalation !== false) {
      breaches.push(`${name} may gain rights`);
    }
    if (!context.capabilities?.drop?.includes('ALL')) {
      breaches.push(`${name} keeps capabilities`);
    }
    if (context.capabilities?.add) breaches.push(`${name} adds capabilities`);
    if (context.privileged) breaches.push(`${name} is privileged`);
    if (context.seccompProfile?.type !== 'RuntimeDefault') {
      breaches.push(`${name} may make any system call`);
    }
    if (ports.some((port: { hostPort?: number }) => port.hostPort)) {
      breaches.push(`${name} takes a port of the node`);
    }
  }
  return breaches;
}
