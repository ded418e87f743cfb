import { parseAllDocuments } from 'yaml';
import { machine } from '../../support/require';
import { succeed } from './command';
import { Manifest, parseManifest } from './kubernetesSchemas';

/** The objects that an overlay makes, as a deployment would apply them. */
export async function kustomize(folder: string): Promise<Manifest[]> {
  const [command, ...args] = (machine.kustomize ?? '').split(' ');
  const output = await succeed(command, [...args, folder]);
  return parseAllDocuments(output).map(document =>
    parseManifest(document.toJS()),
  );
}
