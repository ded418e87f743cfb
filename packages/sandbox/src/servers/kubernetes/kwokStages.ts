import { parse, stringify } from 'yaml';
import { z } from 'zod';

/** A pod with this annotation ends up as its value says, instead of ready. */
export const OUTCOME_ANNOTATION = 'sandbox.platform.myorg.com/outcome';

const stageSchema = z
  .object({
    kind: z.literal('Stage'),
    spec: z
      .object({
        selector: z
          .object({ matchExpressions: z.array(z.unknown()) })
          .passthrough(),
      })
      .passthrough(),
  })
  .passthrough();

/**
 * Upstream's stage that makes pods ready, for all but those that are to fail.
 *
 * @param text - a Stage document as YAML
 */
export function onlyWithoutOutcome(text: string): string {
  const stage = stageSchema.parse(parse(text));
  stage.spec.selector.matchExpressions.push({
    key: `.metadata.annotations["${OUTCOME_ANNOTATION}"]`,
    operator: 'DoesNotExist',
  });
  return stringify(stage);
}

/**
 * How pods of a simulated node fail, which upstream's definitions never do: with the annotation `image-pull-error` or
 * `crash-loop`, which tests and try-outs put on a pod template.
 *
 * @returns Stage documents as YAML
 */
export function failingStages(): string[] {
  return [
    failing('image-pull-error', {
      ready: false,
      restartCount: 0,
      state: {
        waiting: {
          reason: 'ImagePullBackOff',
          message: 'Back-off pulling image: manifest unknown',
        },
      },
    }),
    failing('crash-loop', {
      ready: false,
      restartCount: 5,
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: 'back-off 40s restarting failed container',
        },
      },
      lastState: { terminated: { exitCode: 1, reason: 'Error' } },
    }),
  ];
}

function failing(outcome: string, container: object): string {
  const status = stringify(container).trimEnd().replace(/^/gm, '  ');
  return stringify({
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name: `pod-${outcome}` },
    spec: {
      resourceRef: { apiGroup: 'v1', kind: 'Pod' },
      selector: {
        matchAnnotations: { [OUTCOME_ANNOTATION]: outcome },
        matchExpressions: [
          { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' },
          { key: '.status.phase', operator: 'In', values: ['Pending'] },
          { key: '.status.containerStatuses', operator: 'DoesNotExist' },
        ],
      },
      next: {
        statusTemplate: `{{ $now := Now }}
phase: Pending
startTime: {{ $now | Quote }}
conditions:
- lastTransitionTime: {{ $now | Quote }}
  status: "False"
  type: Ready
- lastTransitionTime: {{ $now | Quote }}
  status: "False"
  type: ContainersReady
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
${status}
{{ end }}
`,
      },
    },
  });
}
