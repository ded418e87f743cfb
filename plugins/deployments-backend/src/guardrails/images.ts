import { parseImageReference } from '@highroad/plugin-platform-node/registry';
import { Breach, Guardrail, Subject } from './Guardrail';

export const imageVersion: Guardrail = {
  id: 'image-version',
  why: 'An image without a version, or "latest", means something else tomorrow: pods of one deployment differ, and nothing can be put back.',
  check: ({ container, version }: Subject): Breach[] => {
    const { image } = container;
    if (!image) {
      return [
        {
          found: 'no image',
          message: 'It does not say what it runs.',
          fix: 'Add an image with a version',
        },
      ];
    }
    const { tag, digest } = read(image) ?? {};
    const shown = tag ?? (digest ? version : undefined);
    if (digest && shown?.toLowerCase() !== 'latest') return [];
    if (tag && tag.toLowerCase() !== 'latest') return [];
    return [
      {
        found: digest ? `${image} (asked for as ${shown})` : image,
        message:
          shown === undefined
            ? 'Its image names no version.'
            : '"latest" is no version.',
        fix: 'Name a version that is built once, such as the commit or 1.2.3',
      },
    ];
  },
};

function read(image: string) {
  try {
    return parseImageReference(image);
  } catch {
    return undefined;
  }
}
