import { readPage, Terminal } from './Terminal';

/** A line of the completion script: a command, and the words that may follow it. */
const LINE = /\(__platform_command\) = '([^']*)'" -a '([^']*)'$/gm;

describe('the reference of the command line', () => {
  let page: string;
  let script: string;

  beforeAll(async () => {
    page = await readPage('docs/reference/cli.md');
    // Completion knows the whole command tree and asks no portal.
    const terminal = await Terminal.open();
    script = (await terminal.run('npx platform completion fish')).output;
    await terminal.close();
  }, 180_000);

  it('names every command and every option of each', () => {
    const commands = [...script.matchAll(LINE)].map(([, path, words]) => ({
      path,
      words: words.split(' ').filter(word => word !== ''),
    }));
    expect(commands.map(({ path }) => path)).toContain('service create');

    const missing = commands.flatMap(({ path, words }) => {
      const section = sectionOf(page, path);
      return words
        .filter(word =>
          word.startsWith('--')
            ? !section.includes(`\`${word}`)
            : !page.includes(`\n## platform ${`${path} ${word}`.trim()}`) &&
              !page.includes(`\n## platform ${`${path} ${word}`.trim()} `),
        )
        .map(word => `platform ${path} ${word}`);
    });
    expect(missing).toEqual([]);
  });

  it('names the exit codes that the program has', async () => {
    const source = await readPage('packages/platform-cli/src/exitCodes.ts');
    const codes = [...source.matchAll(/: (\d+),/g)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(5);
    expect(codes.filter(code => !page.includes(`| ${code} |`))).toEqual([]);
  });
});

/** The text under a command's heading, with the options that every command has. */
function sectionOf(page: string, path: string): string {
  const everywhere = between(page, '## Everywhere');
  if (path === '') return everywhere;
  return `${everywhere}\n${between(page, `## platform ${path}\n`)}`;
}

function between(page: string, heading: string): string {
  const start = page.indexOf(`\n${heading}`);
  if (start < 0) return '';
  const end = page.indexOf('\n## ', start + 1);
  return page.slice(start, end < 0 ? undefined : end);
}
