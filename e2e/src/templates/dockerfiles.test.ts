import { join } from 'node:path';
import { describeWith, machine } from '../support/require';
import { run } from './support/command';
import { COMBINATIONS, nameOf } from './support/combinations';
import { readText } from './support/files';
import { RENDER_MS, renderServices, serviceOf } from './support/services';
import { writeFile } from 'node:fs/promises';
import { workingCopy } from './support/workingCopy';

// Each starts a program or two, on a machine that may be busy.
const hadolint = (file: string) =>
  run(machine.hadolint ?? '', ['--failure-threshold', 'style', file]);

beforeAll(renderServices, RENDER_MS);

describe.each(
  COMBINATIONS.map(combination => ({ name: nameOf(combination), combination })),
)('the image of $name', ({ combination }) => {
  const lines = () =>
    readText(serviceOf(combination), 'Dockerfile')
      .split('\n')
      .filter(line => /^[A-Z]+ /.test(line));

  it('is built on bases whose version is whole', () => {
    const bases = lines()
      .filter(line => line.startsWith('FROM '))
      .map(line => line.split(' ')[1]);
    expect(bases.length).toBeGreaterThan(1);
    for (const base of bases) {
      expect(base).toMatch(/^(scratch|[a-z/]+:\d+\.\d+\.\d+(-[a-z0-9-]+)?)$/);
    }
  });

  it('runs as a numbered user other than root', () => {
    const last = lines().lastIndexOf('USER 65532:65532');
    expect(last).toBeGreaterThan(
      lines().findLastIndex(line => line.startsWith('FROM ')),
    );
    expect(lines().filter(line => line.startsWith('USER '))).toHaveLength(1);
  });
});

describeWith(['hadolint'], 'the Dockerfile', () => {
  it.each(COMBINATIONS.map(combination => [nameOf(combination), combination]))(
    'of %s has no bad habits',
    async (_, combination) => {
      if (typeof combination === 'string') throw new Error('No combination');
      const { code, output } = await hadolint(
        join(serviceOf(combination), 'Dockerfile'),
      );
      expect(output).toBe('');
      expect(code).toBe(0);
    },
  );

  it('is refused when its base is whatever is newest', async () => {
    const copy = await workingCopy(serviceOf(COMBINATIONS[0]));
    try {
      const file = join(copy.path, 'Dockerfile');
      const text = readText(file).replace(/^FROM golang:[^ ]+/, 'FROM golang');
      await writeFile(file, text);
      const { code, output } = await hadolint(file);
      expect(output).toMatch(/DL3006/);
      expect(code).not.toBe(0);
    } finally {
      await copy.remove();
    }
  });
});
