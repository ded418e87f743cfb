import { KubernetesObject } from './KubernetesObject';
import { changePodTemplates } from './podTemplates';

type Texts = Record<string, string> | null | undefined;

/**
 * Leaves out labels and annotations of pod templates that are written without any, such as `annotations: {}`. They say
 * nothing, yet a server that takes out what one version added keeps the empty object where it was asked for: the template
 * is then none that ran before, and going back would make pods anew instead of taking those that are there.
 */
export function withoutEmptyTexts(object: KubernetesObject): KubernetesObject {
  return changePodTemplates(object, template => {
    if (!template.metadata) return template;
    const { labels, annotations, ...metadata } = template.metadata;
    return {
      ...template,
      metadata: {
        ...metadata,
        ...(hasSome(labels) && { labels }),
        ...(hasSome(annotations) && { annotations }),
      },
    };
  });
}

function hasSome(texts: Texts): boolean {
  return Object.keys(texts ?? {}).length > 0;
}
