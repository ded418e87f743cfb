/** What can be wrong with a chain. */
export const problemKinds = [
  /** The body, or the digest of one that is left out, is not what was chained */
  'changed',
  /** What it is found by says something else than the body */
  'columns differ',
  'removed',
  'reordered',
  'inserted',
  'cut tail',
  /** Fits together, but is not what was sealed or signed */
  'recomputed',
  'checkpoint forged',
] as const;
export type ProblemKind = (typeof problemKinds)[number];

/** The first thing that is wrong. */
export interface ChainProblem {
  kind: ProblemKind;
  /** Where it is wrong, or where something is missing */
  seq: number;
  /** Id of the record there, as far as one can be read */
  id?: string;
  /** When that is said to have happened */
  at?: string;
  /** What is wrong, in a sentence */
  message: string;
}

/** Makes a problem and says it in a sentence. */
export function problem(
  kind: ProblemKind,
  place: { seq: number; id?: string; at?: string },
  detail: string,
): ChainProblem {
  const { seq, id, at } = place;
  const named = [id, at && `of ${at}`].filter(Boolean).join(' ');
  const record = `Record ${seq}${named && ` (${named})`}`;
  return { kind, seq, id, at, message: `${record} ${detail}` };
}
