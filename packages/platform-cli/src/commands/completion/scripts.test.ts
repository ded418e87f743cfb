import { Command, Option } from 'commander';
import { execFileSync } from 'node:child_process';
import { completionScript } from './scripts';

const root = new Command('platform');
const service = root.command('service');
service
  .command('create')
  .argument('<name>')
  .option('--type <type>')
  .option('--owner <ref>');
root
  .command('sandbox')
  .command('start')
  .addOption(new Option('--node <kind>').choices(['auto', 'real']));

/** What bash offers for a line, at its end. */
function offered(...words: string[]): string[] {
  const script = `${completionScript('bash', root)}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _platform; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script, 'bash', 'platform', ...words], {
    encoding: 'utf8',
  })
    .trim()
    .split('\n');
}

describe('completion in bash', () => {
  it('offers commands, and those within', () => {
    expect(offered('')).toEqual(['service', 'sandbox']);
    expect(offered('service', 'cr')).toEqual(['create']);
  });

  it('offers options also after a name and after what another option takes', () => {
    expect(offered('service', 'create', 'cart', '--')).toEqual([
      '--type',
      '--owner',
    ]);
    expect(
      offered('service', 'create', 'cart', '--type', 'api', '--ow'),
    ).toEqual(['--owner']);
  });

  it('offers what an option takes', () => {
    expect(offered('sandbox', 'start', '--node', '')).toEqual(['auto', 'real']);
  });
});

it('names every command for fish', () => {
  const script = completionScript('fish', root);
  expect(script).toContain("'service create'");
  expect(script).toContain("-a 'auto real'");
});
