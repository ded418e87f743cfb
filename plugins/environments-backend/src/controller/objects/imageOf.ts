import { fillIn } from '@highroad/plugin-environments-common';
import { PreviewSettings } from '../../service/PreviewSettings';

/** Names a host: it has a dot or a port in its first part, as the reference of an image is read everywhere. */
const HOST = /^(localhost|[^/]*[.:][^/]*)\//;

export type ResolvedImage =
  | { ok: true; image: string }
  | { ok: false; message: string };

/** The image as it is started, or why it is not. */
export function imageOf(
  written: string,
  options: {
    name: string;
    pullRequest?: { number: number; branch: string; commit: string };
    settings: Pick<PreviewSettings, 'registry' | 'images'>;
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
  const { registry, images } = settings;
  const image =
    registry && !HOST.test(text)
      ? `${registry.replace(/\/$/, '')}/${text}`
      : text;
  const allowed =
    !images ||
    images.some(prefix => text.startsWith(prefix) || image.startsWith(prefix));
  if (allowed) return { ok: true, image };
  return {
    ok: false,
    message: `The image ${text} is from where none may be. Environments take images whose names begin with ${images.join(
      ', ',
    )}.`,
  };
}
