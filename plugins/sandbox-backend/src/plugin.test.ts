import { createServiceFactory } from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import {
  createMockDirectory,
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import {
  Build,
  sandboxAnswerSchema,
  SandboxStatus,
} from '@highroad/plugin-sandbox-common';
import { appendFile, writeFile } from 'node:fs/promises';
import request from 'supertest';
import sandboxPlugin from '.';
import {
  answering,
  SECRET,
  SupervisorAddress,
} from './__testUtils__/supervisor';

const start = (directory?: string, actions = actionsRegistryServiceMock()) =>
  startTestBackend({
    features: [
      sandboxPlugin,
      createServiceFactory({
        service: actionsRegistryServiceRef,
        deps: {},
        factory: () => actions,
      }),
      mockServices.rootConfig.factory({
        data: { platform: directory ? { sandbox: { directory } } : {} },
      }),
    ],
  });

describe('a portal with a sandbox', () => {
  const mock = createMockDirectory();
  const actions = actionsRegistryServiceMock();
  let backend: Awaited<ReturnType<typeof start>>;
  let supervisor: SupervisorAddress;

  beforeAll(async () => {
    backend = await start(mock.resolve('sandbox'), actions);
  });
  beforeEach(async () => {
    supervisor = new SupervisorAddress(mock.resolve('sandbox'));
    await supervisor.start();
  });
  afterEach(() => supervisor.stop());
  afterAll(() => backend.stop());

  const get = (path: string) =>
    request(backend.server).get(`/api/sandbox${path}`);

  it('says how it is doing and how to get at it', async () => {
    const { body, status } = await get('/v1/status');
    expect(status).toBe(200);
    expect(sandboxAnswerSchema.parse(body)).toEqual({
      connected: 'running',
      status: answering,
      access: {
        directory: supervisor.paths.state,
        connectionFile: supervisor.paths.connection,
        kubeconfig: supervisor.paths.run('kubeconfig'),
        ingressDomain: 'sandbox.localhost',
        ingressAddress: 'http://127.0.0.1:8088',
        registry: '127.0.0.1:15000',
      },
    });
  });

  it('tells no credential, not even one that a server wrote into its log', async () => {
    supervisor.status = brokenWith(`password=${SECRET}-pg is wrong`);
    await writeFile(
      supervisor.paths.log('registry'),
      [
        `token ${SECRET}-admin was used`,
        `connecting to postgresql://postgres:${SECRET}-pg@127.0.0.1:15432/postgres`,
        'Root Token: hvs.CAESIJzzzzzzzzzzzzzzzzzzzzzz',
        'all well',
      ].join('\n'),
    );
    const answers = [await get('/v1/status'), await get('/v1/logs/registry')];
    for (const { status, text } of answers) {
      expect(status).toBe(200);
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain('hvs.');
      expect(text).toContain('•••');
    }
    expect(answers[1].body.lines[3]).toBe('all well');
  });

  it('answers at once when nothing runs, and says how to start it', async () => {
    await supervisor.stop();
    const { body } = await get('/v1/status');
    expect(body).toMatchObject({
      connected: 'stopped',
      how: expect.stringContaining('npx platform sandbox start'),
    });
  });

  it('answers as soon as a sandbox runs to whoever waits for one', async () => {
    await supervisor.stop();
    const waiting = get('/v1/status?after=0').then(answer => answer.body);
    await supervisor.start();
    expect(await waiting).toMatchObject({ connected: 'running' });
  });

  it('says that a supervisor cannot be understood, and where its log is', async () => {
    await writeFile(supervisor.paths.supervisor, '{"pid": "no"}');
    const { status, body } = await get('/v1/status');
    expect(status).toBe(503);
    expect(body.error.message).toMatch(
      /supervisor.*another version.*supervisor\.log/,
    );
  });

  it('shows the last lines of a log, and says that there are more', async () => {
    const lines = Array.from({ length: 500 }, (_, i) => `line ${i}`);
    await writeFile(supervisor.paths.log('registry'), `${lines.join('\n')}\n`);
    const { body } = await get('/v1/logs/registry?lines=3');
    expect(body).toMatchObject({
      lines: ['line 497', 'line 498', 'line 499'],
      truncated: true,
    });
    const all = await get('/v1/logs/registry?lines=2000');
    expect(all.body).toMatchObject({ truncated: false });
    expect(all.body.lines).toHaveLength(500);
  });

  it('reads no more of a huge log than a page can hold, in whole lines', async () => {
    const line = `${'x'.repeat(99)}\n`;
    await writeFile(supervisor.paths.log('registry'), line.repeat(50_000));
    const { body } = await get('/v1/logs/registry?lines=2000');
    expect(body.lines).toHaveLength(2000);
    expect(new Set(body.lines)).toEqual(new Set(['x'.repeat(99)]));
  });

  it('waits for more of a log where that is asked for', async () => {
    await writeFile(supervisor.paths.log('registry'), 'one\n');
    const waiting = get('/v1/logs/registry?after=4').then(a => a.body);
    await appendFile(supervisor.paths.log('registry'), 'two\n');
    expect(await waiting).toMatchObject({ lines: ['one', 'two'], size: 8 });
  });

  it('takes a log that is not there yet for an empty one', async () => {
    supervisor.status = brokenWith('x', 'vault');
    const { body, status } = await get('/v1/logs/vault');
    expect(status).toBe(200);
    expect(body).toEqual({ lines: [], truncated: false, size: 0 });
  });

  it.each([
    { name: 'gitlab', refused: 404 },
    { name: '..%2Fconnection', refused: 404 },
    { name: '..%2F..%2Fetc%2Fpasswd', refused: 404 },
    { name: '%00', refused: 400 },
  ])('has no log of $name', async ({ name, refused }) => {
    const { status, text } = await get(`/v1/logs/${name}`);
    expect(status).toBe(refused);
    expect(text).not.toContain(SECRET);
  });

  it.each([
    ['status?after=x', /after: Expected number/],
    ['logs/registry?lines=0', /lines: .*1/],
    ['logs/registry?lines=2001', /lines: .*2000/],
    ['logs/registry?line=1', /no field "line"; did you mean "lines"/],
  ])('refuses %s, and says why', async (path, why) => {
    const { status, body } = await get(`/v1/${path}`);
    expect(status).toBe(400);
    expect(body.error.message).toMatch(why);
  });

  it.each(['/v1/status', '/v1/logs/registry'])(
    'answers only people who are signed in at %s',
    async path => {
      const { status } = await get(path).set(
        'Authorization',
        'Bearer mock-none-token',
      );
      expect(status).toBe(401);
    },
  );

  it('is said in a sentence too, and as an action', async () => {
    const { body } = await get('/v1/status/summary');
    const { output } = await actions.invoke({
      id: 'test:status',
      input: {},
      credentials: mockCredentials.user(),
    });
    expect(output).toMatchObject({
      running: true,
      summary: 'The one server answers, 12 s after the start.',
    });
    expect(body).toEqual(output);
  });
});

describe('the builds of a sandbox', () => {
  const mock = createMockDirectory();
  const id = (n: number) => `2026021012000000${n}-0123abcd`;
  const build = (n: number, more: Partial<Build> = {}): Build => ({
    id: id(n),
    repository: 'highroad/cart',
    commit: 'a'.repeat(40),
    ref: { kind: 'branch', branch: 'main' },
    cause: 'push',
    queuedAt: '2026-02-10T12:00:00Z',
    attempts: 1,
    steps: [],
    progress: { state: 'queued' },
    ...more,
  });
  let backend: Awaited<ReturnType<typeof start>>;
  let supervisor: SupervisorAddress;
  const write = (n: number, more?: Partial<Build>) =>
    mock.addContent({
      [`sandbox/builds/${id(n)}.json`]: JSON.stringify(build(n, more)),
    });

  beforeAll(async () => {
    backend = await start(mock.resolve('sandbox'));
    supervisor = new SupervisorAddress(mock.resolve('sandbox'));
    await supervisor.start();
  });
  afterAll(async () => {
    await supervisor.stop();
    await backend.stop();
  });
  const get = (path: string) =>
    request(backend.server).get(`/api/sandbox/v1/builds${path}`);

  it('are none before the first push', async () => {
    expect((await get('')).body).toMatchObject({ items: [] });
  });

  it('are listed newest first, and told as soon as one changes', async () => {
    write(1);
    write(2);
    const { body } = await get('');
    expect(body.items.map((one: Build) => one.id)).toEqual([id(2), id(1)]);

    const waiting = get(`/${id(1)}?after=${body.mark}`).then(a => a.body);
    const startedAt = '2026-02-10T12:00:01Z';
    write(1, { progress: { state: 'running', startedAt } });
    expect(await waiting).toMatchObject({
      build: { progress: { state: 'running' } },
    });
  });

  it('have their log, without credentials', async () => {
    write(3);
    mock.addContent({
      [`sandbox/builds/${id(3)}.log`]: `make test\npush with ${SECRET}-gitea\n`,
    });
    const { body } = await get(`/${id(3)}/log`);
    expect(body.lines).toEqual(['make test', 'push with •••']);
  });

  it.each(['nope', '..%2Fconnection', '20260210120000009-0123abcd'])(
    'are not %s',
    async name => {
      expect((await get(`/${name}`)).status).toBe(404);
      expect((await get(`/${name}/log`)).status).toBe(404);
    },
  );

  it.each(['', `/${id(1)}`, `/${id(1)}/log`])(
    'are for people who are signed in at %s',
    async path => {
      const answer = await get(path).set(
        'Authorization',
        'Bearer mock-none-token',
      );
      expect(answer.status).toBe(401);
    },
  );
});

describe('a portal without a sandbox', () => {
  it('says so, and how to get one', async () => {
    const backend = await start();
    try {
      const answer = await request(backend.server).get(
        '/api/sandbox/v1/status',
      );
      expect(answer.body).toMatchObject({
        connected: 'no',
        how: expect.stringContaining('npm start'),
      });
      const log = await request(backend.server).get(
        '/api/sandbox/v1/logs/vault',
      );
      expect(log.status).toBe(404);
    } finally {
      await backend.stop();
    }
  });
});

function brokenWith(problem: string, name = 'registry'): SandboxStatus {
  const [server] = answering.servers;
  return {
    ...answering,
    state: 'degraded',
    servers: [{ ...server, name, state: 'restarting', problem }],
  };
}
