import { join } from 'node:path';
import { describeWith } from '../support/require';
import { z } from 'zod';
import { withValue } from './support/change';
import {
  KUBERNETES,
  Manifest,
  parseManifest,
  StrictSchemas,
} from './support/kubernetesSchemas';
import { breachesOfRestricted, podSchema } from './support/podSecurity';
import { kustomize } from './support/kustomize';
import {
  RENDER_MS,
  renderServices,
  repositoryOf,
  VARIANTS,
} from './support/services';

// Each starts a program or two, on a machine that may be busy.
const workloadSchema = z.object({
  spec: z.object({ template: z.object({ spec: podSchema }) }),
});

const strategySchema = z.object({
  spec: z.object({
    strategy: z.object({
      blueGreen: z
        .object({ activeService: z.string(), previewService: z.string() })
        .optional(),
      canary: z
        .object({
          stableService: z.string().optional(),
          canaryService: z.string().optional(),
        })
        .optional(),
    }),
  }),
});

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

  describe.each(cases)('$id in $overlay', variant => {
    const { id, overlay, answers } = variant;
    let manifests: Manifest[];
    const the = (kind: string): Manifest => {
      const found = manifests.filter(manifest => manifest.kind === kind);
      if (found.length !== 1) throw new Error(`${found.length} of ${kind}`);
      return found[0];
    };
    const workloadKind =
      answers.delivery === 'rolling' ? 'Deployment' : 'Rollout';
    /** What the Service of the new version is called, while it has one of its own. */
    const besideName =
      answers.delivery === 'blue-green'
        ? `${answers.name}-preview`
        : `${answers.name}-canary`;
    const hasBeside =
      answers.delivery === 'blue-green' ||
      (variant.canaryRouter !== undefined && answers.type !== 'worker');
    const services = () => manifests.filter(({ kind }) => kind === 'Service');

    beforeAll(async () => {
      manifests = await kustomize(
        join(repositoryOf(id), 'deploy/overlays', overlay),
      );
    });

    it('are what Kubernetes and its extensions take, and nothing else', () => {
      expect(problemsOf(manifests)).toEqual([]);
    });

    it('say everything that a workload needs', () => {
      const { name } = answers;
      expect(manifests.map(({ kind }) => kind).sort()).toEqual(
        [
          ...[
            'HorizontalPodAutoscaler',
            'NetworkPolicy',
            'PodDisruptionBudget',
          ],
          ...['Service', 'ServiceAccount', 'ServiceMonitor', workloadKind],
          ...(answers.type === 'worker' ? [] : ['Ingress']),
          ...(hasBeside ? ['Service'] : []),
          ...(answers.delivery === 'canary' ? ['AnalysisTemplate'] : []),
          ...(overlay === 'production' ? ['ConfigMap', 'PrometheusRule'] : []),
        ].sort(),
      );
      for (const { metadata } of manifests) {
        expect(metadata.namespace).toBeUndefined();
        expect(metadata.labels).toMatchObject({
          'app.kubernetes.io/name': name,
          'app.kubernetes.io/part-of': 'billing',
        });
      }
      expect(the('HorizontalPodAutoscaler').spec).toMatchObject({
        scaleTargetRef: {
          apiVersion: the(workloadKind).apiVersion,
          kind: workloadKind,
          name,
        },
      });
      expect(the(workloadKind).spec).not.toHaveProperty('replicas');
      expect(the('NetworkPolicy').spec).toMatchObject({
        policyTypes: ['Ingress', 'Egress'],
      });
      expect(the('ServiceMonitor').spec).toMatchObject({
        endpoints: [
          {
            port: 'http',
            relabelings: [
              { targetLabel: 'environment', replacement: overlay },
              // A pod behind two Services is one target.
              ...(hasBeside
                ? ['job', 'service'].map(targetLabel => ({
                    ...{ targetLabel, replacement: name },
                  }))
                : []),
            ],
          },
        ],
      });
    });

    it('mean the same pods wherever they speak of them', () => {
      const labels = { 'app.kubernetes.io/name': answers.name };
      const matchLabels = { matchLabels: labels };
      expect(the(workloadKind).spec).toMatchObject({
        selector: matchLabels,
        template: { metadata: { labels } },
      });
      for (const { spec } of services()) {
        expect(spec).toMatchObject({ selector: labels });
      }
      expect(the('PodDisruptionBudget').spec).toMatchObject({
        selector: matchLabels,
      });
      expect(the('NetworkPolicy').spec).toMatchObject({
        podSelector: matchLabels,
      });
      expect(the('ServiceMonitor').spec).toMatchObject({
        selector: matchLabels,
      });
    });

    it('name the Services that traffic is shifted by', () => {
      const { name } = answers;
      expect(services().map(({ metadata }) => metadata.name)).toEqual(
        hasBeside ? [name, besideName] : [name],
      );
      const { strategy } = strategySchema.parse(the(workloadKind)).spec;
      const named =
        strategy.blueGreen?.previewService ?? strategy.canary?.canaryService;
      expect(named).toBe(hasBeside ? besideName : undefined);
      expect(
        strategy.blueGreen?.activeService ?? strategy.canary?.stableService,
      ).toBe(hasBeside ? name : undefined);
    });

    it('keep the workload within its limits and rights', () => {
      const pod = workloadSchema.parse(the(workloadKind)).spec.template.spec;
      expect(breachesOfRestricted(pod)).toEqual([]);
      expect(pod.automountServiceAccountToken).toBe(false);
      for (const container of pod.containers) {
        // Never "latest": the platform puts the version here that it deploys.
        expect(container.image).toMatch(/:unset$/);
        expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
        expect(container.readinessProbe.httpGet.path).toBe('/readyz');
        expect(container.livenessProbe.httpGet.path).toBe('/healthz');
        expect(container.startupProbe.httpGet.path).toBe('/healthz');
        const variables = container.env.map(variable => variable.name);
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
      path: Array<string | number>,
      value: unknown,
    ) => {
      const manifests = await kustomize(
        join(repositoryOf(id), 'deploy/overlays/production'),
      );
      const manifest = manifests.find(candidate => candidate.kind === kind);
      if (!manifest) throw new Error(`There is no ${kind}`);
      return problemsOf([parseManifest(withValue(manifest, path, value))]);
    };
    const container = ['spec', 'template', 'spec', 'containers', 0];

    it.each<[string, string, RegExp, Array<string | number>, unknown]>([
      [
        'a misspelt probe',
        'Deployment',
        /additional properties "readynessProbe"/,
        [...container, 'readynessProbe'],
        {},
      ],
      [
        'a missing selector',
        'Deployment',
        /required property 'selector'/,
        ['spec', 'selector'],
        undefined,
      ],
      [
        'words for a number',
        'Deployment',
        /must be integer/,
        ['spec', 'minReadySeconds'],
        'ten',
      ],
      [
        'a misspelt probe',
        'Rollout',
        /additional properties "readynessProbe"/,
        [...container, 'readynessProbe'],
        {},
      ],
      [
        'a step of no kind',
        'Rollout',
        /additional properties "setWeigth"/,
        ['spec', 'strategy', 'canary', 'steps', 0],
        { setWeigth: 5 },
      ],
      [
        'metrics without a provider',
        'AnalysisTemplate',
        /required property 'provider'/,
        ['spec', 'metrics', 0, 'provider'],
        undefined,
      ],
      [
        'a misspelt interval',
        'ServiceMonitor',
        /additional properties "intervall"/,
        ['spec', 'endpoints', 0, 'intervall'],
        '15s',
      ],
      [
        'a severity beside the labels',
        'PrometheusRule',
        /additional properties "severity"/,
        ['spec', 'groups', 0, 'rules', 0, 'severity'],
        'page',
      ],
      [
        'a kind that nobody knows',
        'Service',
        /Servise is no known kind/,
        ['kind'],
        'Servise',
      ],
    ])('is refused for %s in a %s', async (_, kind, problem, path, value) => {
      const id = /Rollout|Analysis/.test(kind)
        ? 'go-api.canary'
        : 'go-api.rolling';
      const problems = await spoil(id, kind, path, value);
      expect(problems.join('\n')).toMatch(problem);
    });

    it.each<[string, Array<string | number>, unknown]>([
      ['may be root', ['securityContext', 'runAsNonRoot'], false],
      ['keeps capabilities', ['containers', 0, 'securityContext'], {}],
      [
        'takes a port of its node',
        ['containers', 0, 'ports', 0, 'hostPort'],
        1,
      ],
    ])('is caught when it %s', async (breach, path, value) => {
      const manifests = await kustomize(
        join(repositoryOf('go-api.rolling'), 'deploy/overlays/production'),
      );
      const spoilt = withValue(
        manifests.find(({ kind }) => kind === 'Deployment'),
        ['spec', 'template', 'spec', ...path],
        value,
      );
      const pod = workloadSchema.parse(spoilt).spec.template.spec;
      expect(breachesOfRestricted(pod).join('\n')).toContain(breach);
    });
  });
});
