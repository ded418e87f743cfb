import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '../machine/processes';
import { run } from '../machine/run';
import { makePauseImage, PAUSE_IMAGE, pauseProgram } from './pauseImage';

const describeOnLinux =
  process.platform === 'linux' && process.arch === 'x64'
    ? describe
    : describe.skip;

describe('the image that keeps pods', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-pause-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  describeOnLinux('on Linux and x64', () => {
    it('holds a program that waits, and leaves no ended process unreaped', async () => {
      const file = join(folder, 'pause');
      await writeFile(file, pauseProgram());
      await chmod(file, 0o755);
      const child = spawn(file, { stdio: 'ignore' });
      const status = () => readFile(`/proc/${child.pid}/status`, 'utf8');
      try {
        const SIGCHLD = 0x10000n;
        const ignored = async () =>
          BigInt(`0x${/^SigIgn:\s+(\w+)/m.exec(await status())?.[1]}`);
        expect(
          await waitUntil(
            // eslint-disable-next-line no-bitwise
            async () => ((await ignored()) & SIGCHLD) !== 0n,
            { withinMs: 5000 },
          ),
        ).toBe(true);
        expect(
          await waitUntil(async () => /^State:\s+S/m.test(await status()), {
            withinMs: 5000,
          }),
        ).toBe(true);
        expect(child.exitCode).toBeNull();
      } finally {
        child.kill('SIGKILL');
      }
    });
  });

  it('is the same each time it is made, and named for containerd', async () => {
    const made = await Promise.all(
      ['one.tar', 'other.tar'].map(async name => {
        const file = join(folder, name);
        await makePauseImage(file);
        return run('tar', [
          '--extract',
          '--to-stdout',
          '--file',
          file,
          './index.json',
        ]);
      }),
    );
    expect(made[0]).toBe(made[1]);
    expect(JSON.parse(made[0]).manifests[0].annotations).toEqual({
      'io.containerd.image.name': PAUSE_IMAGE,
    });
  });
});
