import { once } from 'node:events';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { commands } from './commands';
import { captured as platform } from './__testUtils__/captured';

describe('platform', () => {
  it.each(commands.map(command => [command.path.join(' '), command]))(
    'help of %s begins with an example that runs as written',
    async (path, command) => {
      const { code, stdout } = await platform(
        ...String(path).split(' '),
        '--help',
      );
      expect(code).toBe(0);
      const [first, example] = stdout.split('\n');
      expect(first).toMatch(/^Examples?$/);
      expect(typeof command === 'object' && command.examples[0]).toBe(
        example.replace('  $ ', ''),
      );
    },
  );

  it('says of every group what it is for, with an example', async () => {
    const groups = new Set(
      commands.filter(({ path }) => path.length > 1).map(({ path }) => path[0]),
    );
    for (const name of groups) {
      const { code, stdout } = await platform(name, '--help');
      expect(code).toBe(0);
      expect(stdout).toMatch(
        new RegExp(
          `^Example\\n  \\$ platform ${name} .*\\n\\nUsage: .*\\n\\n[A-Z]`,
        ),
      );
    }
  });

  it('leads from an unknown command to all that there are', async () => {
    const { code, stderr } = await platform('quux');
    expect(code).toBe(2);
    expect(stderr).toBe(
      "✖ unknown command 'quux'\n  → See what there is: platform --help\n",
    );
  });

  it('suggests what an unknown command was meant to be, on stderr, with code 2', async () => {
    expect(await platform('servce', 'list')).toEqual({
      code: 2,
      stdout: '',
      stderr: "✖ unknown command 'servce'\n  → Did you mean service?\n",
    });
  });

  it.each([
    ['dependents', 'cart', '--depth', 'many'],
    ['dependents', 'cart', '--dept', '2'],
    ['dependents'],
    ['completion', 'tcsh'],
    ['service', 'create', 'x', '--set', 'novalue'],
  ])('ends %s %s with code 2 for wrong usage', async (...argv) => {
    const { code, stdout, stderr } = await platform(...argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^✖ /);
  });

  it('ends with code 6 and what to do when there is no portal', async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      PLATFORM_URL: 'http://127.0.0.1:49151',
      PLATFORM_TOKEN: 'token',
    });
    try {
      const { code, stdout, stderr } = await platform(
        'service',
        'list',
        '--json',
      );
      expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
      expect(stderr).toMatch(/does not answer[^]*→ /);
      // A token is never repeated.
      expect(stderr).not.toMatch(/\btoken\b/);
    } finally {
      process.env = before;
    }
  });

  it('tells a portal that nobody is signed in to from one that does not answer', async () => {
    const server = createServer((_, response) => response.end()).listen(0);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const before = { ...process.env };
    delete process.env.PLATFORM_TOKEN;
    try {
      process.env.PLATFORM_URL = `http://127.0.0.1:${port}`;
      const there = await platform('whoami');
      expect(there.code).toBe(3);
      expect(there.stderr).toMatch(/^✖ You are not signed in to [^]*→ Sign in/);
      process.env.PLATFORM_URL = 'http://127.0.0.1:1';
      const nowhere = await platform('whoami');
      expect(nowhere.code).toBe(6);
      expect(nowhere.stderr).toMatch(/does not answer/);
    } finally {
      process.env = before;
      server.close();
    }
  });

  it.each(['nonsense', 'portal.example.com', 'ftp://portal.example.com'])(
    'says that %s is no address',
    async address => {
      const before = { ...process.env };
      process.env.PLATFORM_URL = address;
      try {
        const { code, stderr } = await platform('whoami');
        expect(code).toBe(2);
        expect(stderr).toMatch(
          /^✖ PLATFORM_URL is "[^]*no address[^]*→ Set it/,
        );
      } finally {
        process.env = before;
      }
    },
  );

  it.each(['bash', 'zsh', 'fish'])(
    'completes its own commands in %s',
    async shell => {
      const { code, stdout } = await platform('completion', shell);
      expect(code).toBe(0);
      for (const word of ['service', 'create', '--language', 'dependents']) {
        expect(stdout).toContain(word);
      }
    },
  );
});

describe('options that the program has too', () => {
  it('belong to the command that they stand behind', async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      PLATFORM_URL: 'http://127.0.0.1:1',
      PLATFORM_TOKEN: 'none',
    });
    try {
      // It gets as far as asking the portal, instead of printing the program's own version.
      expect(
        await platform('deploy', 'cart', '--env', 'staging', '--version', '1'),
      ).toMatchObject({ code: 6, stdout: '' });
    } finally {
      process.env = before;
    }
    expect((await platform('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
