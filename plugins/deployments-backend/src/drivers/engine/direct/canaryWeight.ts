/** How far a canary is. */
interface Canary {
  steps: Array<Record<string, unknown>>;
  /** Which step it is at, from 0; as many as there are when it has gone through all */
  at: number;
  /** What a traffic router leads to it, in percent; absent where its share is that of its pods */
  routed: number | undefined;
  /** Whether it has become what runs */
  whole: boolean;
}

/** What goes to the new version, in percent: as its router has it, else as the steps do; nothing where there is neither. */
export function canaryWeight(canary: Canary): number | undefined {
  const { steps, at, routed, whole } = canary;
  // To what runs nothing is led as to a canary any more.
  if (routed !== undefined) return whole ? 100 : routed;
  if (steps.length === 0) return undefined;
  if (whole || at >= steps.length) return 100;
  return (
    steps
      .slice(0, at + 1)
      .flatMap(({ setWeight }) =>
        typeof setWeight === 'number' ? [setWeight] : [],
      )
      .at(-1) ?? 0
  );
}
