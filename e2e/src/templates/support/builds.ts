import { machineEnv, succeed } from './command';
import { Combination } from './combinations';
import { serviceOf } from './services';
import { workingCopy } from './workingCopy';

/** Linting Go means compiling the linter, which takes minutes; the compiler's own checks stand in for it. */
const CHECKS: Record<Combination['language'], string[][]> = {
  go: [
    ['make', 'setup'],
    ['sh', '-c', 'test -z "$(gofmt -l . | tee /dev/stderr)"'],
    ['go', 'vet', './...'],
    ['make', 'test'],
    ['make', 'build'],
  ],
  typescript: [
    ['make', 'setup'],
    ['make', 'lint'],
    ['make', 'test'],
    ['make', 'build'],
  ],
  python: [
    ['make', 'setup'],
    ['make', 'lint'],
    ['make', 'test'],
    ['make', 'build'],
  ],
};

/** How long one `make` may take where nothing is in a cache, in milliseconds. */
export const MAKE_MS = 300_000;

export interface Build {
  path: string;
  /** How long each step took, for who wonders where the time goes */
  seconds: Record<string, number>;
  remove(): Promise<void>;
}

/** Does in a copy of a service's repository what its CI does to test, lint and build. */
export async function build(combination: Combination): Promise<Build> {
  const copy = await workingCopy(serviceOf(combination));
  const seconds: Record<string, number> = {};
  for (const [command, ...args] of CHECKS[combination.language]) {
    const since = Date.now();
    await succeed(command, args, {
      cwd: copy.path,
      env: machineEnv({ CI: 'true' }),
      timeoutMs: MAKE_MS,
    });
    seconds[`${command} ${args[0]}`] = (Date.now() - since) / 1000;
  }
  return { ...copy, seconds };
}
