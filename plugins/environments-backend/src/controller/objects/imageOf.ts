import { fillIn } from '@highroad/plugin-environments-common';
import { PreviewSettings } from '../../service/PreviewSettings';

/** Names a host: it has a dot or a port in its first part, as the reference of an image is read everywhere. */
const HOST = /^(localhost|[^/]*[.:][^/]*)\//;

export type ResolvedImage =
  | { ok: true; image: string }
  | { ok: false; message: string };

/**
 * What names match that begin with this, in whole parts: `reg.corp` says nothing of `reg.corp.evil.com`, nor of another port.
 *
 * @returns a regular expression that JavaScript and the cluster's own policy read alike
 */
export function prefixPattern(prefix: string): string {
  const literal = prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  // After a tag or a digest no "/" follows; after a port one does.
  return /[/:@]$/.test(prefix) ? `^${literal}` : `^${literal}(/|[:@][^/]*$|$)`;
}

/** The image as it is started, or why it is not. */
export function imageOf(
  written: string,
  options: {
    name: string;
    pullRequest?: {
      number: number;
      branch: string;
      commit: string;
      fork?: boolean;
    };
    settings: Pick<PreviewSettings, 'registry' | 'images' | 'forkImages'>;
  },
): ResolvedImage {
  const { name, pullRequest, settings } = options;
  const { text, missing } = fillIn(written, { name, pullRequest });
  if (missing.length > 0) {
    return {
      ok: false,
      message: `${missing.join(
        ' and ',
      )} in the image "${written}" is known only where the environment is a pull request's. Write a tag, or add pullRequest.`,
    };
  }
  const { registry, images, forkImages } = settings;
  const image =
    registry && !HOST.test(text)
      ? `${registry.replace(/\/$/, '')}/${text}`
      : text;
  const isOf = (prefixes: string[]) =>
    prefixes.map(prefixPattern).some(pattern => {
      const begins = new RegExp(pattern);
      return begins.test(text) || begins.test(image);
    });
  const refuse = (whose: string, prefixes: string[]): ResolvedImage => ({
    ok: false,
    message: `The image ${text} is from where none may be. ${whose} take images whose names begin with ${prefixes.join(
      ', ',
    )}.`,
  });
  if (images && !isOf(images)) return refuse('Environments', images);
  if (pullRequest?.fork && forkImages && !isOf(forkImages)) {
    return refuse('Environments of pull requests from forks', forkImages);
  }
  return { ok: true, image };
}
