import { SecretDifference } from '@highroad/plugin-secrets-common';
import { ReadOfAll } from './SecretReader';

/** The fingerprints of a service in one environment. */
interface Side extends ReadOfAll<string> {
  environment: string;
}

/** How each key of two environments compares, by key. What is not understood in either is not compared. */
export function differences(from: Side, to: Side): SecretDifference[] {
  const sides = [from, to];
  const keys = sides.flatMap(({ found, leftOut }) => [
    ...[...found.keys(), ...leftOut.keys()],
  ]);
  return [...new Set(keys)].sort().map(key => {
    const [left, right] = sides.map(({ found }) => found.get(key));
    const foreignIn = sides
      .filter(({ leftOut }) => leftOut.has(key))
      .map(({ environment }) => environment);
    return foreignIn.length > 0
      ? { key, outcome: 'not-comparable', foreignIn, left, right }
      : { key, outcome: outcomeOf(left, right), left, right };
  });
}

function outcomeOf(
  left: string | undefined,
  right: string | undefined,
): SecretDifference['outcome'] {
  if (!left) return 'missing-left';
  if (!right) return 'missing-right';
  return left === right ? 'same' : 'differs';
}
