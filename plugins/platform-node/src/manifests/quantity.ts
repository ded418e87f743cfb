// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
const SUFFIXES: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * Reads an amount as Kubernetes writes it: `250m`, `64Mi`, `1.5`, `1e3`.
 *
 * @returns cores or bytes; undefined for what is no amount
 */
export function parseQuantity(text: string | number): number | undefined {
  const match =
    /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d{1,2})|([numkMGTPE]|[KMGTPE]i)?)$/.exec(
      String(text),
    );
  if (!match) return undefined;
  const [, digits, exponent, suffix = ''] = match;
  return exponent === undefined
    ? Number(digits) * SUFFIXES[suffix]
    : Number(`${digits}e${exponent}`);
}
