import { ProgramCache } from '../cache/ProgramCache';
import { cacheFolder } from '../machine/paths';
import { programOnMachine } from '../machine/programOnMachine';
import { Pin, pins } from './programs';

/** The programs that neither the cache nor the machine has. */
export async function missingPrograms(): Promise<Pin[]> {
  const programs = new ProgramCache(cacheFolder());
  const missing: Pin[] = [];
  for (const pin of pins) {
    const there = (await programs.find(pin)) ?? (await programOnMachine(pin));
    if (!there) missing.push(pin);
  }
  return missing;
}
