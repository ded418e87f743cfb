import { join } from 'node:path';
import { PACKAGE } from '../machine/paths';

/** Folder of a wrapper module: a go.mod that requires the program, and the checksums of all that goes into it. */
export function moduleFolder(name: string): string {
  return join(PACKAGE, 'upstream', name);
}
