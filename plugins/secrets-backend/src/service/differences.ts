import { SecretDifference } from '@highroad/plugin-secrets-common';
import { ReadOfAll } from './SecretReader';

/** The fingerprints of a service in one environment. */
interface Side extends ReadOfAll<string> {
  environment: string;
}

/** How each key of two environments compares, by key. What is not understood in either, or is refused, is not compared. */
export function differences(from: Side, to: Side): SecretDifference[] {
  const sides = [from, to];
  const keys = sides.flatMap(({ found, leftOut, refused }) => [
    ...[...found.keys(), ...leftOut.keys(), ...refused.keys()],
  ]);
  return [...new Set(keys)].sort().map(key => {
    const [left, right] = sides.map(({ found }) => found.get(key));
    const foreignIn = where(sides, ({ leftOut }) => leftOut.has(key));
    const refusedIn = where(sides, ({ refused }) => refused.has(key));
    if (foreignIn.length + refusedIn.length === 0) {
      return { key, outcome: outcomeOf(left, right), left, right };
    }
    return {
      ...{ key, outcome: 'not-comparable', left, right },
      ...(foreignIn.length > 0 && { foreignIn }),
      ...(refusedIn.length > 0 && { refusedIn }),
    };
  });
}

/** @returns names of the environments of which it is so */
function where(sides: Side[], isSo: (side: Side) => boolean): string[] {
  return sides.filter(isSo).map(({ environment }) => environment);
}

function outcomeOf(
  left: string | undefined,
  right: string | undefined,
): SecretDifference['outcome'] {
  if (!left) return 'missing-left';
  if (!right) return 'missing-right';
  return left === right ? 'same' : 'differs';
}
