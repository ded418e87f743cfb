import { InputError } from '@backstage/errors';
import { KubernetesObject, kubernetesObjectSchema } from './KubernetesObject';
import { parseDocuments } from './yamlLimits';

const MOST_CHARACTERS = 1024 * 1024;

/**
 * Reads objects of Kubernetes as Kubernetes would: every value means the same there.
 *
 * @throws InputError that lists what is wrong
 */
export function readObjects(yaml: string): KubernetesObject[] {
  if (yaml.length > MOST_CHARACTERS) {
    throw new InputError(
      `The manifests hold more than ${MOST_CHARACTERS} characters. Deploy less at once.`,
    );
  }
  const problems: string[] = [];
  const objects = parseDocuments(yaml).flatMap((read, at) => {
    if ('problem' in read) {
      problems.push(`object ${at + 1}: ${read.problem}`);
      return [];
    }
    const parsed = kubernetesObjectSchema.safeParse(read.value);
    if (parsed.success) return [parsed.data];
    problems.push(
      ...parsed.error.issues.map(
        issue => `object ${at + 1}: ${issue.path.join('.')}: ${issue.message}`,
      ),
    );
    return [];
  });
  if (problems.length > 0) {
    throw new InputError(
      `The manifests cannot be read:\n${problems
        .map(problem => `- ${problem}`)
        .join('\n')}`,
    );
  }
  return objects;
}
