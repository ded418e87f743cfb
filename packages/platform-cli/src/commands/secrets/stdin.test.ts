import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWholeFile } from './stdin';

describe('a file that is read whole', () => {
  it('is, up to what a portal takes; one that never ends is given up', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'highroad-whole-'));
    try {
      const file = join(folder, 'a.env');
      await writeFile(file, 'x'.repeat(1024 * 1024));
      expect(await readWholeFile(file)).toHaveLength(1024 * 1024);
      await writeFile(file, 'x'.repeat(1024 * 1024 + 1));
      await expect(readWholeFile(file)).rejects.toMatchObject({
        message: `${file} holds more than 1 MiB.`,
        fix: 'Give less at once: import in parts, and keep large values elsewhere.',
      });
      await expect(readWholeFile('/dev/zero')).rejects.toThrow(
        '/dev/zero holds more than 1 MiB.',
      );
      await expect(readWholeFile(folder)).rejects.toThrow('EISDIR');
      await expect(readWholeFile(join(folder, 'none'))).rejects.toThrow(
        'ENOENT',
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
