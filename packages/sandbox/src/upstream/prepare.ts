import { Program, ProgramCache } from '../cache/ProgramCache';
import { prepareDebian } from './debianPackages';
import { buildGo } from './goModule';
import { prepareNpm } from './npmPackage';
import { Pin } from './programs';

export interface Progress {
  doing: 'downloading' | 'building';
  /** From 0 to 1 */
  done: number;
}

/**
 * Has a program made unless it is in the cache.
 *
 * @param options.cache - folder of the sandbox's cache
 * @param options.onProgress - told what goes on; never called for what is there
 * @throws Error that says what is missing on this machine
 */
export async function prepareProgram(
  pin: Pin,
  options: {
    cache: string;
    onProgress?: (progress: Progress) => void;
    signal?: AbortSignal;
  },
): Promise<Program> {
  const { cache, onProgress = () => {} } = options;
  const programs = new ProgramCache(cache);
  const present = await programs.find(pin);
  if (present) return present;
  return programs.prepare(pin, async (folder, lost) => {
    const signal = AbortSignal.any([
      lost,
      ...(options.signal ? [options.signal] : []),
    ]);
    switch (pin.kind) {
      case 'go':
        return buildGo(pin, folder, cache, onProgress, signal);
      case 'debian':
        onProgress({ doing: 'downloading', done: 0 });
        return prepareDebian(pin, folder);
      case 'npm':
        onProgress({ doing: 'downloading', done: 0 });
        return prepareNpm(pin, folder);
      default:
        throw new Error(`No way to prepare ${JSON.stringify(pin)}`);
    }
  });
}
