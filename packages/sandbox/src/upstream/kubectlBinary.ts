import { join } from 'node:path';
import { ProgramCache } from '../cache/ProgramCache';
import { pinOf } from './programs';

/**
 * The kubectl to use with a sandbox's cluster: the prepared one, whose version is the cluster's, else the machine's.
 *
 * @param cache - folder of the sandbox's cache
 */
export async function kubectlBinary(cache: string): Promise<string> {
  const prepared = await new ProgramCache(cache).find(pinOf('kubernetes'));
  return prepared ? join(prepared.folder, 'bin', 'kubectl') : 'kubectl';
}
