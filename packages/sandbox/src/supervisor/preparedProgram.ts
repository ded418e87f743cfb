import { join } from 'node:path';
import { Program } from '../cache/ProgramCache';
import { PreparedProgram } from '../servers/Server';

/** A program of the cache, as servers see it. */
export function cachedProgram(program: Program): PreparedProgram {
  return {
    name: program.name,
    version: program.version,
    source: 'cache',
    binary: name => join(program.folder, 'bin', name),
    asset: name => join(program.folder, name),
  };
}
