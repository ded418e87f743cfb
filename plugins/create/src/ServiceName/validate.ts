import { ApiHolder } from '@backstage/frontend-plugin-api';
import { explainServiceName } from '@highroad/plugin-create-common';
import { createClientApiRef } from '../api';

/**
 * Checks a name when its step is left; the field itself has said the same already while it was typed.
 *
 * @returns what is wrong and how to mend it. A portal that cannot say is no reason to keep a person on the step: the
 * field tells them so, and the name is claimed before anything is created.
 */
export async function explainUnusableName(
  name: string | undefined,
  apiHolder: ApiHolder,
): Promise<string | undefined> {
  const malformed = explainServiceName(name ?? '');
  if (malformed || !name) return malformed;
  try {
    return (await apiHolder.get(createClientApiRef)?.checkName(name))?.problem;
  } catch {
    return undefined;
  }
}
