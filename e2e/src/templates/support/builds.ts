import { machineEnv, succeed } from './command';
import { Combination } from './combinations';
import { serviceOf } from './services';
import { workingCopy } from './workingCopy';

/** What can be done beside each other once a service is set up; in a lane, one thing after the other. */
const LANES: Record<Combination['language'], string[][][]> = {
  go: [
    // Linting Go means compiling the linter, which takes minutes; the compiler's own checks stand in for it.
    [
      ['sh', '-c', 'test -z "$(gofmt -l . | tee /dev/stderr)"'],
      ['go', 'vet', './...'],
      ['make', 'build'],
    ],
    [['make', 'test']],
  ],
  typescript: [
    [['make', 'lint']],
    [
      ['make', 'test'],
      ['make', 'build'],
    ],
  ],
  python: [
    [['make', 'lint']],
    [
      ['make', 'test'],
      ['make', 'build'],
    ],
  ],
};

/** How long one `make` may take where nothing is in a cache, in milliseconds. */
export const MAKE_MS = 300_000;

export interface Build {
  path: string;
  remove(): Promise<void>;
}

/** Does in a copy of a service's repository what its CI does to test, lint and build. */
export async function build(combination: Combination): Promise<Build> {
  const copy = await workingCopy(serviceOf(combination));
  const does = (command: string, ...args: string[]) =>
    succeed(command, args, {
      cwd: copy.path,
      env: machineEnv({ CI: 'true' }),
      timeoutMs: MAKE_MS,
    });
  try {
    await does('make', 'setup');
    const lanes = await Promise.allSettled(
      LANES[combination.language].map(async lane => {
        for (const [command, ...args] of lane) await does(command, ...args);
      }),
    );
    const failures = lanes.flatMap(lane =>
      lane.status === 'rejected' ? String(lane.reason) : [],
    );
    if (failures.length) throw new Error(failures.join('\n\n'));
    return copy;
  } catch (error) {
    await copy.remove();
    throw error;
  }
}
