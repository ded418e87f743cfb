export type Step = string | number;

export function isRecord(value: unknown): value is Record<Step, unknown> {
  return typeof value === 'object' && value !== null;
}

/** What is at a path, as far as there is something. */
export function valueAt(value: unknown, path: Step[]): unknown {
  return path.reduce<unknown>(
    (at, step) => (isRecord(at) ? at[step] : undefined),
    value,
  );
}
