import { shellBlocks } from './shellBlocks';

const page = (...lines: string[]) => lines.join('\n');

describe('shellBlocks', () => {
  it('finds what a reader would type, and what the page says comes out', () => {
    expect(
      shellBlocks(
        page(
          'Type',
          '```sh',
          'echo one',
          'echo two',
          '```',
          '',
          '```text',
          'one',
          'two',
          '```',
          '1. And',
          '   ```sh',
          '   echo three',
          '   ```',
          'which gives',
          '```text',
          'three',
          '```',
        ),
      ),
    ).toEqual([
      { line: 2, commands: 'echo one\necho two', expected: 'one', needs: [] },
      { line: 12, commands: 'echo three', needs: [] },
    ]);
  });

  it('leaves alone what is in another language', () => {
    expect(shellBlocks(page('```yaml', 'a: 1', '```'))).toEqual([]);
  });

  it('reads why a block is not executed, and what it needs', () => {
    expect(
      shellBlocks(
        page(
          '<!-- not tested: it opens a browser -->',
          '```sh',
          'x',
          '```',
          '<!-- needs: go, chromium -->',
          '',
          '```sh',
          'y',
          '```',
        ),
      ),
    ).toMatchObject([
      { notTested: 'it opens a browser', needs: [] },
      { needs: ['go', 'chromium'] },
    ]);
  });

  it('refuses a comment that it does not understand, so that a misspelt one skips nothing', () => {
    expect(() =>
      shellBlocks(page('<!-- not testet: x -->', '```sh', 'x', '```')),
    ).toThrow('The comment before line 2 is not understood.');
  });

  it('refuses a block that never closes', () => {
    expect(() => shellBlocks(page('', '```sh', 'x'))).toThrow(
      'The block in line 2 never closes.',
    );
  });
});
