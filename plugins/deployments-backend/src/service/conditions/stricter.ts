import { InputError } from '@backstage/errors';
import { boundText, Condition } from './Condition';

/** On a service: thresholds of its own for its environments' conditions, such as `error-rate=0.01, latency=0.3`. */
export const CONDITIONS_ANNOTATION = 'platform.myorg.com/rollback-conditions';

const ENTRY = /^\s*([a-z0-9-]+)\s*=\s*(-?\d+(?:\.\d+)?)\s*$/;

/**
 * The conditions of an environment with a service's own thresholds. A service may ask more of itself than its
 * environment does, never less, and never ask anything else of Prometheus.
 *
 * @param annotation - value of the annotation
 * @param known - names of the conditions of all environments
 * @throws InputError that names the annotation and what to write
 */
export function stricter(
  conditions: Condition[],
  annotation: string | undefined,
  known: string[],
): Condition[] {
  if (annotation === undefined || annotation.trim() === '') return conditions;
  const own = new Map<string, number>();
  for (const entry of annotation.split(',')) {
    const found = ENTRY.exec(entry);
    if (!found) {
      throw new InputError(
        `${CONDITIONS_ANNOTATION}: "${entry
          .trim()
          .slice(
            0,
            100,
          )}" is no threshold; write the names of conditions with numbers, such as "error-rate=0.01, latency=0.3".`,
      );
    }
    const [, name, number] = found;
    if (!known.includes(name)) {
      throw new InputError(
        `${CONDITIONS_ANNOTATION}: there is no condition "${name}" in any environment; there is ${
          known.join(', ') || 'none'
        }.`,
      );
    }
    own.set(name, Number(number));
  }
  return conditions.map(condition => {
    const threshold = own.get(condition.name);
    if (threshold === undefined) return condition;
    const looser =
      condition.bound === 'max'
        ? threshold > condition.threshold
        : threshold < condition.threshold;
    if (looser) {
      throw new InputError(
        `${CONDITIONS_ANNOTATION}: ${
          condition.name
        }=${threshold} is looser than what holds here (${boundText(
          condition,
        )}). A service may only ask more of itself.`,
      );
    }
    return { ...condition, threshold };
  });
}
