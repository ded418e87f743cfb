import { stringify } from 'yaml';
import { run } from '../../machine/run';
import { ServerContext } from '../Server';

/** Runs kubectl as the sandbox's administrator, who may do everything. */
export function kubectl(
  context: ServerContext,
  args: string[],
  input?: string,
): Promise<string> {
  return run(
    context.program('kubernetes').binary('kubectl'),
    [`--kubeconfig=${context.connection.kubernetes.kubeconfig}`, ...args],
    { input, env: { ...process.env, KUBECONFIG: '' } },
  );
}

/** Brings objects about by server-side apply. */
export async function applyObjects(
  context: ServerContext,
  objects: object[],
): Promise<void> {
  await applyManifests(
    context,
    objects.map(object => stringify(object)),
  );
}

/**
 * As {@link applyObjects}, for what is written already.
 *
 * @param documents - YAML
 */
export async function applyManifests(
  context: ServerContext,
  documents: string[],
): Promise<void> {
  await kubectl(
    context,
    [
      'apply',
      '--server-side',
      '--force-conflicts',
      '--field-manager=highroad-sandbox',
      '-f',
      '-',
    ],
    documents.join('\n---\n'),
  );
}
