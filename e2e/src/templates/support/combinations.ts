/** Answers that decide what a service is made of. */
export interface Combination {
  type: 'api' | 'worker' | 'web';
  language: 'go' | 'typescript' | 'python';
  database: 'none' | 'postgres';
}

export type Delivery = 'rolling' | 'canary' | 'blue-green';

/** Deliveries that every combination is rendered with. Blue-green differs from canary in its own files only. */
export const DELIVERIES = ['rolling', 'canary'] as const;

/** Everything the form of the template "Service" lets a person choose. */
export const COMBINATIONS: Combination[] = [
  ...(['go', 'typescript', 'python'] as const).flatMap(language =>
    (['api', 'worker'] as const).flatMap(type =>
      (['none', 'postgres'] as const).map(database => ({
        type,
        language,
        database,
      })),
    ),
  ),
  { type: 'web', language: 'typescript', database: 'none' },
];

/** A name for the combination that is also a service's: `go-api-postgres`, `typescript-web`. */
export function nameOf({ type, language, database }: Combination): string {
  const parts = [language, type, ...(database === 'none' ? [] : [database])];
  return parts.join('-');
}
