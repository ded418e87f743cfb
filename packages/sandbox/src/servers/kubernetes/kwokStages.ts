import { parse, stringify } from 'yaml';
import { z } from 'zod';

const PREFIX = 'sandbox.platform.myorg.com';
/** A pod with this annotation ends up as its value says, instead of ready. */
export const OUTCOME_ANNOTATION = `${PREFIX}/outcome`;
/** How long a pod with this annotation takes to become ready, such as 3s. */
export const READY_AFTER_ANNOTATION = `${PREFIX}/ready-after`;
/** How long after that a pod crashes whose outcome is `crash-later`; 3s if left out. */
export const CRASH_AFTER_ANNOTATION = `${PREFIX}/crash-after`;

/** Outcomes of pods that never become ready. */
const NEVER_READY = ['image-pull-error', 'crash-loop', 'never-ready'];

const CRASHED = {
  ready: false,
  restartCount: 5,
  state: {
    waiting: {
      reason: 'CrashLoopBackOff',
      message: 'back-off 40s restarting failed container',
    },
  },
  lastState: { terminated: { exitCode: 1, reason: 'Error' } },
};

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
 * Upstream's stage that makes pods ready, for all but those that are to fail before, and after the time that they say.
 *
 * @param text - a Stage document as YAML
 */
export function readyUnlessFailing(text: string): string {
  const stage = stageSchema.parse(parse(text));
  stage.spec.selector.matchExpressions.push({
    key: annotation(OUTCOME_ANNOTATION),
    operator: 'NotIn',
    values: NEVER_READY,
  });
  stage.spec.delay = delayOf(READY_AFTER_ANNOTATION, 0);
  return stringify(stage);
}

function annotation(name: string): string {
  return `.metadata.annotations["${name}"]`;
}

function delayOf(name: string, durationMilliseconds: number) {
  return {
    durationMilliseconds,
    durationFrom: { expressionFrom: annotation(name) },
  };
}

/**
 * How pods of a simulated node fail, which upstream's definitions never do: with the annotation `image-pull-error`,
 * `crash-loop`, `never-ready` or `crash-later`, which tests and try-outs put on a pod template.
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
    failing('crash-loop', CRASHED),
    failing('never-ready', {
      ...{ ready: false, restartCount: 0 },
      state: { running: {} },
    }),
    failing('crash-later', CRASHED, {
      from: [
        { key: '.status.phase', operator: 'In', values: ['Running'] },
        {
          key: '.status.conditions.[] | select( .type == "Ready" ) | .status',
          ...{ operator: 'In', values: ['True'] },
        },
      ],
      delay: delayOf(CRASH_AFTER_ANNOTATION, 3_000),
    }),
  ];
}

/** Pods that nothing was said of yet. */
const NEW = [
  { key: '.status.phase', operator: 'In', values: ['Pending'] },
  { key: '.status.containerStatuses', operator: 'DoesNotExist' },
];

function failing(
  outcome: string,
  container: object,
  { from = NEW, delay }: { from?: object[]; delay?: object } = {},
): string {
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
          ...from,
        ],
      },
      ...(delay && { delay }),
      next: {
        statusTemplate: `{{ $now := Now }}
phase: ${delay ? 'Running' : 'Pending'}
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
