import { PullRequestReference } from './manifest';

/** What a manifest may leave to be filled in, and what it stands for. */
export const placeholders = {
  commit: 'newest commit of the pull request',
  branch: 'its branch',
  number: 'its number',
  'pullRequest.commit': 'newest commit of the pull request',
  'pullRequest.branch': 'its branch',
  'pullRequest.number': 'its number',
  'environment.name': 'name of the environment',
} as const;
type Placeholder = keyof typeof placeholders;

const PATTERN = /\$(?:\{([\w.]+)\}|\(([\w.]+)\))/g;

/** All that stand in a text, known or not, without their marks. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(PATTERN)].map(match => match[1] ?? match[2]);
}

export function isPlaceholder(name: string): name is Placeholder {
  return Object.hasOwn(placeholders, name);
}

/** What can be filled in. */
export interface PlaceholderValues {
  name: string;
  pullRequest?: Pick<PullRequestReference, 'number' | 'branch' | 'commit'>;
}

/**
 * Fills in `${commit}` or `$(commit)` and the like.
 *
 * @returns the text, and the names of those that nothing is known for; they stay as they were
 */
export function fillIn(
  text: string,
  values: PlaceholderValues,
): { text: string; missing: string[] } {
  const missing: string[] = [];
  const filled = text.replace(PATTERN, (whole, braces, brackets) => {
    const name: string = braces ?? brackets;
    const value = isPlaceholder(name) ? valueOf(name, values) : undefined;
    if (value === undefined) missing.push(name);
    return value ?? whole;
  });
  return { text: filled, missing };
}

function valueOf(
  name: Placeholder,
  { name: environment, pullRequest }: PlaceholderValues,
): string | undefined {
  switch (name) {
    case 'environment.name':
      return environment;
    case 'number':
    case 'pullRequest.number':
      return pullRequest && String(pullRequest.number);
    case 'branch':
    case 'pullRequest.branch':
      return pullRequest?.branch;
    default:
      return pullRequest?.commit;
  }
}
