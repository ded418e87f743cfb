import { describeWithSandbox } from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { shellBlocks } from '../docs/shellBlocks';
import { readPage, Terminal } from '../docs/Terminal';
import { platform } from '../support/platform';
import { RunningPortal, startPortal } from '../support/portal';
import { GIT_ANSWERS } from './support/gitAnswers';

const MINUTE = 60_000;
const PAGE = 'docs/quick-starts/secrets.md';

describeWithSandbox(
  'Secrets, from the command line',
  ['cluster', 'vault', 'git-host'],
  sandbox => {
    const name = `secrets-${randomBytes(3).toString('hex')}`;
    let portal: RunningPortal;
    let terminal: Terminal;

    beforeAll(async () => {
      portal = await startPortal();
      terminal = await Terminal.open(portal);
    }, 10 * MINUTE);
    afterAll(async () => {
      await terminal?.close();
      await portal?.stop();
    });

    it(
      'belong to a service that is there',
      async () => {
        const created = await platform(portal, [
          ...['service', 'create', name, '--type', 'api', '--language', 'go'],
          ...['--database', 'none', '--json'],
        ]);
        expect(created).toMatchObject({ code: 0 });
      },
      20 * MINUTE,
    );

    it(
      'are set, shown, changed, imported, compared and replaced as the quick-start says',
      async () => {
        const prepared = await terminal.run(GIT_ANSWERS);
        expect(prepared).toEqual({ code: 0, output: '' });
        const { address, organization } = sandbox.connection.gitea;
        const blocks = shellBlocks(await readPage(PAGE));
        expect(blocks.length).toBeGreaterThan(14);
        for (const { line, commands, expected } of blocks) {
          const { code, output } = await terminal.run(
            commands
              .replaceAll(
                'http://127.0.0.1:13000/highroad/',
                `${address}/${organization}/`,
              )
              .replaceAll('my-service', name),
          );
          expect({ line, code, output }).toEqual({ line, code: 0, output });
          expect(output).toContain(
            (expected ?? '').replaceAll('my-service', name),
          );
        }
      },
      20 * MINUTE,
    );

    it(
      'were never on the screen but where they were asked for',
      async () => {
        const { stdout } = await platform(portal, [
          ...['secrets', 'list', name, '--json'],
        ]);
        for (const key of ['DATABASE_URL', 'API_KEY', 'SESSION_KEY']) {
          expect(stdout).toContain(key);
        }
        expect(stdout).not.toMatch(/postgres:|sk-test-1|change-me/);
        const shown = await platform(portal, [
          ...['secrets', 'reveal', `${name}/API_KEY`, '--env', 'staging'],
          ...['--reason', 'for the test'],
        ]);
        expect(shown).toMatchObject({ code: 0, stdout: 'sk-test-1\n' });
      },
      20 * MINUTE,
    );

    it(
      'come from standard input, and go into the environment of a program but not into a command line',
      async () => {
        const { code, output } = await terminal.run(
          [
            `printf 'PIPED=from-a-pipe\\n' | npx platform secrets import ${name} - --env staging`,
            `npx platform secrets run ${name} --env staging -- sh -c 'tr "\\0" " " < /proc/$PPID/cmdline; tr "\\0" " " < /proc/$$/cmdline; echo "= $PIPED"'`,
          ].join('\n'),
        );
        expect({ code, output }).toEqual({ code: 0, output });
        // The control: what is looked through are the command lines.
        expect(output).toContain(`secrets run ${name} --env staging`);
        expect(output.split('from-a-pipe')).toHaveLength(2);
        expect(output).toContain('= from-a-pipe');
      },
      20 * MINUTE,
    );

    it(
      'are refused in clear words: no reason, no such key, a file that is not there, a program of production',
      async () => {
        const says = async (args: string[], words: RegExp) => {
          const { code, stdout, stderr } = await platform(portal, [
            ...['secrets', ...args],
          ]);
          expect(code).not.toBe(0);
          expect(stdout).toBe('');
          expect(stderr).toMatch(words);
        };
        const at = [`${name}/API_KEY`, '--env', 'staging'];
        await says(['reveal', ...at], /--reason/);
        await says(['reveal', ...at, '--reason', ' '], /say why/);
        await says(
          ['get', `${name}/NOTHING`, '--env', 'staging'],
          /has no key NOTHING in staging/,
        );
        await says(['import', name, '/no/such/.env'], /\/no\/such\/\.env/);
        await says(
          ['run', name, '--env', 'production', '--', 'env'],
          /is production/,
        );
      },
      20 * MINUTE,
    );
  },
);
