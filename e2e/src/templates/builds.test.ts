import { machine, describeWith } from '../support/require';
import { Build, build, MAKE_MS } from './support/builds';
import { machineEnv, succeed } from './support/command';
import { Combination, COMBINATIONS, nameOf } from './support/combinations';
import { Database, PASSWORD, prepareDatabase } from './support/database';
import { queriedMetrics, shownMetrics } from './support/queriedMetrics';
import { RunningService, startService } from './support/runningService';
import { EXPECTED, exercise } from './support/exercise';
import { RENDER_MS, renderServices } from './support/services';

/** More than the 20 s that running work gets to finish when a service is stopped would be too late. */
const SHUTDOWN_MS = 20_000;

/** What the machine must have to build and start a service. */
const NEEDS: Record<Combination['language'], Array<keyof typeof machine>> = {
  go: ['make', 'go'],
  typescript: ['make', 'node24'],
  python: ['make', 'python', 'uv'],
};

beforeAll(renderServices, RENDER_MS);

for (const combination of COMBINATIONS) {
  describeWith(NEEDS[combination.language], nameOf(combination), () =>
    describeService(combination),
  );
}

function describeService(combination: Combination): void {
  const { type, language } = combination;
  const hasDatabase = combination.database !== 'none';
  let built: Build | undefined;
  let database: Database | undefined;
  let service: RunningService | undefined;

  const theBuild = (): Build => {
    if (!built) throw new Error('It was not built');
    return built;
  };
  const theService = (): RunningService => {
    if (!service) throw new Error('It was not started');
    return service;
  };
  const databaseEnv = (): Record<string, string> =>
    database ? { DATABASE_URL: database.url } : {};

  beforeAll(async () => {
    if (hasDatabase) database = await prepareDatabase();
  });
  afterAll(async () => {
    service?.signal('SIGKILL');
    await database?.remove();
    await built?.remove();
  });

  it(
    'passes in its own CI: it is set up, linted, tested and built',
    async () => {
      built = await build(combination);
    },
    4 * MAKE_MS,
  );

  it('is alive as soon as it runs', async () => {
    service = await startService(theBuild().path, language, databaseEnv());
    expect(JSON.parse(await service.answers('/healthz', 200))).toEqual({
      status: 'ok',
    });
  }, 60_000);

  if (hasDatabase) {
    it('is not ready as long as its database cannot be reached, and says why without the address', async () => {
      const answer = await theService().answers('/readyz', 503);
      expect(JSON.parse(answer)).toEqual({
        status: 'unavailable',
        checks: { database: expect.any(String) },
      });
      expect(answer).not.toMatch(new RegExp(`${PASSWORD}|127\\.0\\.0\\.1`));
    }, 60_000);
  }

  it('is ready when all it needs is there', async () => {
    await database?.start();
    expect(JSON.parse(await theService().answers('/readyz', 200))).toEqual({
      status: 'ready',
    });
  }, 90_000);

  it('answers with what it is for, and gives the metrics that its alerts and dashboard ask for', async () => {
    expect(await exercise(type, theService())).toContain(EXPECTED[type]);
    const shown = shownMetrics(await theService().answers('/metrics', 200));
    const wanted = queriedMetrics(theBuild().path);
    expect(wanted.length).toBeGreaterThan(3);
    expect(wanted.filter(name => !shown.has(name))).toEqual([]);
  }, 60_000);

  if (hasDatabase) {
    it('is not ready while its database is away, and is again when it is back', async () => {
      await database?.stop();
      const answer = await theService().answers('/readyz', 503);
      expect(JSON.parse(answer).checks).toEqual({
        database: expect.any(String),
      });
      await theService().answers('/healthz', 200);
      await database?.start();
      await theService().answers('/readyz', 200);
    }, 120_000);
  }

  it('ends with status 0 when it is told to, having logged in JSON and no secret', async () => {
    theService().signal('SIGTERM');
    expect(await theService().ended(SHUTDOWN_MS)).toBe(0);
    const lines = theService().lines();
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        level: expect.stringMatching(/^(debug|info|warn|error)$/),
        msg: expect.any(String),
      });
    }
    expect(lines.join('\n')).not.toContain(PASSWORD);
  }, 60_000);

  it(
    'passes the tests of its whole process',
    async () => {
      const output = await succeed('make', ['test-integration'], {
        cwd: theBuild().path,
        env: machineEnv({ CI: 'true', ...databaseEnv() }),
        timeoutMs: MAKE_MS,
      });
      expect(output).not.toMatch(/needs DATABASE_URL|DATABASE_URL is not set/i);
    },
    MAKE_MS,
  );
}
