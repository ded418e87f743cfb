import { endWarning } from '../controller/ending';
import { EnvironmentResource } from '../service/EnvironmentResources';

/** What was ready and is not may be so again before anybody has read of it, in milliseconds. */
const PATIENCE_MS = 120_000;

/** Something of an environment that people are told once. */
export interface Occasion {
  /** Unlike that of any other occasion of this environment */
  id: string;
  /** How long it has to stay so before it is told, in milliseconds */
  afterMs: number;
  /** In two words */
  title: string;
  /** A sentence */
  text: string;
}

/**
 * What there is to tell of an environment as it stands: that it ends soon, once for each end; and that it fails, once for
 * each state of its manifest.
 */
export function occasionsOf(resource: EnvironmentResource): Occasion[] {
  const { deletedAt, generation, status } = resource;
  if (deletedAt) return [];
  const { expiresAt, message, phase, warnings } = status;
  const ending = expiresAt && endWarning(new Date(expiresAt));
  const fails = phase === 'failed' || phase === 'degraded';
  return [
    // Warnings of other things are no reason to tell of an end that is far off.
    ...(ending && warnings.includes(ending)
      ? [
          {
            ...{ id: `ends ${expiresAt}`, afterMs: 0 },
            ...{ title: 'Ends soon', text: ending },
          },
        ]
      : []),
    ...(fails && status.observedGeneration === generation
      ? [
          {
            id: `fails ${generation}`,
            afterMs: phase === 'failed' ? 0 : PATIENCE_MS,
            title: phase === 'failed' ? 'Failed' : 'Degraded',
            text: message ?? 'It does not say why.',
          },
        ]
      : []),
  ];
}
