import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RunningPortal } from './portal';

const run = promisify(execFile);

/**
 * Clones a service of the payments team that a portal has created, and runs its own tests.
 *
 * @returns what `go test ./...` printed; it throws if a test fails
 */
export async function goTestCreated(
  portal: RunningPortal,
  name: string,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'highroad-created-'));
  try {
    const source = join(
      portal.state,
      'repositories/payments-team',
      `${name}.git`,
    );
    await run('git', ['clone', '--quiet', source, folder]);
    const { stdout } = await run('go', ['test', './...'], { cwd: folder });
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
