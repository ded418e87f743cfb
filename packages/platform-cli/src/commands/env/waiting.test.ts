import { answeringPortal, refusal } from '../../__testUtils__/answeringPortal';
import { exitCodes } from '../../exitCodes';

const environment = {
  ...{ name: 'pr-1', home: 'environments', phase: 'ready' },
  ...{ message: 'It is ready.', services: [], kept: false, warnings: [] },
  ...{ createdAt: '2026-01-01T10:00:00Z', manifest: '', generation: 1 },
  resourceVersion: '1',
  status: {
    ...{ observedGeneration: 1, conditions: [], services: [] },
    ...{ databases: [], warnings: [] },
  },
};
const going = {
  ...environment,
  ...{ phase: 'deleting', resourceVersion: '2' },
  message: 'Its namespace env-pr-1 is being removed.',
};
const answer = { namespace: 'env-pr-1', databases: ['main'] };

describe('commands on environments that wait', () => {
  let portal: Awaited<ReturnType<typeof answeringPortal>>;
  beforeEach(async () => {
    portal = await answeringPortal();
  });
  afterEach(() => portal.close());

  it.each([[['--wait']], [[]]])(
    'create one and come back when it is ready: %j',
    async flags => {
      portal.answers.push(
        {
          body: {
            outcome: 'created',
            environment: { ...going, phase: 'provisioning' },
          },
        },
        { body: { environment } },
      );
      const { code, stdout } = await portal.platform(
        ...['env', 'create', '-f', __filename, ...flags],
      );
      expect(code).toBe(exitCodes.done);
      expect(stdout).toContain('Open it: platform env open pr-1');
      expect(portal.asked).toHaveLength(2);
    },
  );

  it('end one and come back when nothing of it is left', async () => {
    portal.answers.push(
      { body: { environment } },
      { body: answer },
      { body: { environment: going } },
      refusal(404, 'There is no environment "pr-1".'),
    );
    const { code, stdout, stderr } = await portal.platform(
      ...['env', 'delete', 'pr-1', '--yes', '--wait'],
    );
    expect(code).toBe(exitCodes.done);
    expect(stderr).toContain(going.message);
    expect(stdout).toContain('pr-1 is gone.');
    expect(portal.asked.map(({ what }) => what.split(' ')[0])).toEqual([
      ...['GET', 'DELETE', 'GET', 'GET'],
    ]);
  });

  it('end one whose name another has by then', async () => {
    portal.answers.push({ body: { environment } }, { body: answer });
    portal.answers.push({
      body: { environment: { ...environment, createdAt: '2026-01-02' } },
    });
    const { code, stdout } = await portal.platform(
      ...['env', 'delete', 'pr-1', '--yes', '--wait', '--json'],
    );
    expect(code).toBe(exitCodes.done);
    expect(JSON.parse(stdout)).toEqual({ ...answer, gone: true });
  });

  it('say what stands in the way of one that is not gone in time', async () => {
    portal.answers.push({ body: { environment } }, { body: answer });
    for (let looks = 0; looks < 5_000; looks++) {
      portal.answers.push({ body: { environment: going } });
    }
    const { code, stderr } = await portal.platform(
      ...['env', 'delete', 'pr-1', '--yes', '--wait', '--timeout', '0.5'],
    );
    expect(code).toBe(exitCodes.failed);
    expect(stderr).toContain('It is not gone within 0.5 seconds.');
    expect(stderr).toContain(going.message);
  });
});
