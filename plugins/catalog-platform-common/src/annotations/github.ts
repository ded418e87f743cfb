import { GITHUB_PROJECT_SLUG } from './names';
import { AnnotationRule } from './problem';

// GitHub's own limits: owners have 1-39 letters, digits and single inner
// hyphens; repositories up to 100 letters, digits, dots, dashes, underscores.
const OWNER = /^[a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38}$/i;
const REPOSITORY = /^[\w.-]{1,100}$/;

/** True for `owner/repository` in the form that GitHub accepts. */
export function isProjectSlug(value: string): boolean {
  const parts = value.split('/');
  if (parts.length !== 2) {
    return false;
  }
  const [owner, repository] = parts;
  return (
    OWNER.test(owner) &&
    REPOSITORY.test(repository) &&
    repository !== '.' &&
    repository !== '..'
  );
}

/** Finds the `owner/repository` somebody meant by an address, SSH address or a name with `.git`. */
export function guessProjectSlug(value: string): string | undefined {
  const path = value
    .slice(0, 1000)
    .trim()
    .replace(/^url:/, '')
    .replace(/^[a-z+]+:\/\/[^/]+\//i, '')
    .replace(/^[^@/\s]+@[^:/\s]+:/, '')
    .replace(/^(www\.)?github\.com\//i, '')
    .replace(/^\/+/, '');
  const guess = path
    .split(/[/?#]/)
    .slice(0, 2)
    .join('/')
    .replace(/\.git$/, '');
  return isProjectSlug(guess) ? guess : undefined;
}

export const githubProjectSlugRule: AnnotationRule = {
  name: GITHUB_PROJECT_SLUG,
  purpose: 'The repository at GitHub, as owner/repository.',
  example: 'acme/payment-service',
  check(value) {
    if (isProjectSlug(value) && !value.endsWith('.git')) {
      return undefined;
    }
    const guess = guessProjectSlug(value);
    return {
      rule: 'github-project-slug',
      level: 'warning',
      message: 'This does not name a GitHub repository.',
      fix: guess
        ? `Write "${guess}".`
        : 'Write the owner and the name of the repository, such as "acme/payment-service".',
    };
  },
};
