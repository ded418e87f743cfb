import { ANNOTATION_SOURCE_LOCATION, Entity } from '@backstage/catalog-model';
import {
  GITHUB_PROJECT_SLUG,
  isProjectSlug,
  parseHttpsUrl,
} from '@highroad/plugin-catalog-platform-common';

export interface Repository {
  url: string;
  /** Where the runs of its pipelines are listed. */
  ciUrl: string;
}

// How each kind of host separates the repository from the path inside it, and
// where it lists runs. GitLab's must come before GitHub's, which it contains.
const LAYOUTS = [
  { inside: /\/-\/(tree|blob|raw)\/.*$/, runs: '/-/pipelines' },
  { inside: /\/src\/(branch|tag|commit)\/.*$/, runs: '/actions' },
  { inside: /\/(tree|blob)\/.*$/, runs: '/actions' },
];

function fromSourceLocation(location: string): Repository | undefined {
  const verdict = parseHttpsUrl(location.replace(/^url:/, ''));
  if (!verdict.ok) {
    return undefined;
  }
  const { origin, pathname } = verdict.url;
  const layout = LAYOUTS.find(({ inside }) => inside.test(pathname));
  const path = layout?.inside ? pathname.replace(layout.inside, '') : undefined;
  if (!layout || !path || path.split('/').length < 3) {
    return undefined;
  }
  const url = `${origin}${path}`;
  return { url, ciUrl: `${url}${layout.runs}` };
}

/**
 * Where the source of an entity is. The place it was read from wins, since a
 * slug does not tell which GitHub (a company may run its own); a valid slug
 * that names another repository wins over it.
 */
export function repositoryOf(entity: Entity): Repository | undefined {
  const annotations = entity.metadata.annotations ?? {};
  const location = annotations[ANNOTATION_SOURCE_LOCATION];
  const source = location ? fromSourceLocation(location) : undefined;
  const slug = annotations[GITHUB_PROJECT_SLUG];
  if (!slug || !isProjectSlug(slug)) {
    return source;
  }
  if (source?.url.toLowerCase().endsWith(`/${slug.toLowerCase()}`)) {
    return source;
  }
  const url = `https://github.com/${slug}`;
  return { url, ciUrl: `${url}/actions` };
}
