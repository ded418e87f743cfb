/**
 * Whether an object has all that is wanted of it. What the cluster adds by itself is no difference; what somebody
 * changed, took out or put into a list is one.
 */
export function holds(there: unknown, wanted: unknown): boolean {
  if (wanted === undefined || wanted === null) return true;
  if (Array.isArray(wanted)) {
    // Neither is an empty list.
    if (there === undefined) return wanted.length === 0;
    return (
      Array.isArray(there) &&
      there.length === wanted.length &&
      wanted.every((one, at) => holds(there[at], one))
    );
  }
  if (isRecord(wanted)) {
    // An empty object is not always kept.
    if (!isRecord(there)) return Object.keys(wanted).length === 0;
    return Object.entries(wanted).every(([key, value]) =>
      holds(there[key], value),
    );
  }
  if (wanted === '' && there === undefined) return true;
  return there === wanted || sameQuantity(there, wanted);
}

const SIZES: Record<string, number> = {
  ...{ m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 },
};

/** The cluster writes quantities in a form of its own: 0.5 as 500m, and the number 1 as text. */
function sameQuantity(a: unknown, b: unknown): boolean {
  const first = quantityOf(a);
  return first !== undefined && first === quantityOf(b);
}

function quantityOf(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const match = /^(\d+(?:\.\d+)?)(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(`${value}`);
  return match
    ? Math.round(Number(match[1]) * SIZES[match[2] ?? ''] * 1000)
    : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
