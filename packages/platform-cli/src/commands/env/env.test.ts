import { EnvironmentDetail } from '@highroad/plugin-environments-common';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { Output } from '../../output/Output';
import { Portal } from '../../portal/Portal';
import { extendEnvironment } from './extend';
import { followEnvironment } from './followEnvironment';
import {
  environmentTable,
  environmentText,
  leftoversText,
  timeLeft,
} from './words';

const now = new Date('2026-01-01T12:00:00Z');

function environment(more: Partial<EnvironmentDetail> = {}): EnvironmentDetail {
  return {
    ...{ name: 'pr-1234', home: 'environments', phase: 'ready' },
    message: 'It is ready at http://api-pr-1234.previews.test.',
    owner: 'group:default/shop',
    url: 'http://api-pr-1234.previews.test',
    services: [],
    namespace: 'env-pr-1234',
    createdAt: '2026-01-01T10:00:00Z',
    expiresAt: '2026-01-03T18:00:00Z',
    ...{ kept: false, warnings: [], manifest: '', generation: 2 },
    resourceVersion: '1',
    status: {
      observedGeneration: 2,
      conditions: [],
      warnings: [],
      services: [
        {
          ...{ name: 'api', image: 'myorg/api:1', state: 'ready' },
          ...{ ready: 1, replicas: 1, url: 'http://api-pr-1234.previews.test' },
        },
      ],
      databases: [
        {
          ...{ name: 'main', type: 'postgres', driver: 'server' },
          state: 'ready',
          seed: { path: 'fixtures/demo-data.sql', state: 'applied' },
        },
      ],
    },
    ...more,
  };
}

/** A portal that shows an environment in one state after the other, and what a person saw. */
function follow(states: Array<Partial<EnvironmentDetail>>, timeout = 60) {
  const said: string[] = [];
  const stream = {
    write: (text: string) => said.push(text),
  };
  const output = new Output({
    ...{ stdout: stream, stderr: stream, json: false, color: false },
  });
  const [first, ...rest] = states;
  const portal: Pick<Portal, 'page'> & {
    environments: Pick<Portal['environments'], 'get'>;
  } = {
    page: path => `http://portal.test${path}`,
    environments: {
      get: async (_input, options) => {
        const next = rest.shift();
        if (next) return { environment: environment(next) };
        return new Promise((_resolve, reject) => {
          options?.signal?.addEventListener('abort', () =>
            reject(new Error('aborted')),
          );
        });
      },
    },
  };
  return {
    said,
    result: followEnvironment(portal, environment(first), output, { timeout }),
  };
}

describe('environments in the terminal', () => {
  it('are a line each, with state, owner, age and the time that is left', () => {
    const [, line] = environmentTable([environment()], now, Infinity).split(
      '\n',
    );
    expect(line).toMatch(
      /^pr-1234\s+✔ ready\s+shop\s+2 h\s+2 d 6 h\s+http:\/\/api-pr-1234/,
    );
    expect(timeLeft({ kept: true }, now)).toBe('kept');
  });

  it('are told in all their parts', () => {
    const text = environmentText(
      environment({ warnings: ['It ends soon.'] }),
      now,
    );
    expect(text).toMatch(/^pr-1234: ✔ ready\. It is ready at/);
    expect(text).toMatch(/api\s+ready\s+1\/1\s+myorg\/api:1/);
    expect(text).toMatch(/seeded from fixtures\/demo-data\.sql/);
    expect(text).toMatch(/! It ends soon\./);
  });

  it('that are gone leave nothing, or what can be removed where it is certain whose it is', () => {
    const nothing = { items: [], databases: [], problems: [] };
    expect(leftoversText(nothing, now, Infinity)).toMatch(/^Nothing is left/);
    const left = {
      ...{ namespace: 'env-lost', environment: 'lost', home: 'environments' },
      ...{ owner: 'group:default/shop', createdAt: '2026-01-01T10:00:00Z' },
    };
    const [, ours, foreign, stuck, then] = leftoversText(
      {
        ...nothing,
        items: [
          { ...left, ours: true },
          { ...left, namespace: 'env-odd', owner: undefined, ours: false },
          {
            ...{ ...left, namespace: 'env-stuck', ours: true },
            ending: {
              since: '2026-01-01T11:00:00Z',
              blocker: 'pods has 1 resource instances',
            },
          },
        ],
      },
      ...([now, Infinity] as const),
    ).split('\n');
    expect(ours).toMatch(/^env-lost +lost +shop +2 h +yes +left$/);
    expect(foreign).toMatch(/^env-odd +lost +nobody +2 h +not certain/);
    expect(stuck).toMatch(/yes +being removed for 1 h: pods has 1 resource/);
    expect(then).toContain('platform env remove-leftover');

    const databases = { environmentUid: 'a-uid', driver: 'server', ours: true };
    const lines = leftoversText(
      {
        ...nothing,
        databases: [{ ...databases, names: ['env_lost_main_1'] }],
        problems: ['The other server could not be asked.'],
      },
      ...([now, Infinity] as const),
    ).split('\n');
    expect(lines[1]).toMatch(/^a-uid +env_lost_main_1 +yes$/);
    expect(lines[2]).toContain('platform env remove-leftover');
    expect(lines[3]).toBe('The other server could not be asked.');
  });

  it('are followed until what was asked for is ready, not what was there before', async () => {
    const before = environment().status;
    const { said, result } = follow([
      { status: { ...before, observedGeneration: 1 } },
      { phase: 'updating', message: 'api: 0 of 1 pods are ready.' },
      { phase: 'updating', message: 'api: 0 of 1 pods are ready.' },
      {},
    ]);
    expect((await result).phase).toBe('ready');
    // The same line is not said twice.
    expect(said.filter(line => line.includes('0 of 1'))).toHaveLength(1);
  });

  it.each([
    ['refused', exitCodes.refused, 'environment-refused'],
    ['failed', exitCodes.failed, 'environment-not-ready'],
  ] as const)(
    'end the command when they are %s',
    async (phase, exitCode, runbook) => {
      const { result } = follow([{ phase, message: 'It asks for too much.' }]);
      const error: unknown = await result.catch(failure => failure);
      expect(error).toBeInstanceOf(CliError);
      expect(error).toMatchObject({
        ...{ exitCode, runbook },
        why: 'It asks for too much.',
        fix: expect.stringContaining(
          'http://portal.test/environments/pr-1234?home=environments',
        ),
      });
    },
  );

  it('are not waited for longer than was said', async () => {
    const { result } = follow([{ phase: 'provisioning' }], 0.1);
    await expect(result).rejects.toThrow('It is not ready within 0.1 seconds.');
  });
});

describe('having an environment stay longer', () => {
  it.each([true, false])(
    'takes one answer only to how long (keep %s)',
    async keep => {
      const stream = { write: () => true };
      const context = {
        output: new Output({
          ...{ stdout: stream, stderr: stream, json: false, color: false },
        }),
        portal: async () => {
          throw new Error('Nobody is asked.');
        },
      };
      const args = [context, 'pr-1234', { by: '3d', keep }];
      await expect(
        Reflect.apply(extendEnvironment.run, extendEnvironment, args),
      ).rejects.toMatchObject({
        ...{ exitCode: exitCodes.usage, fix: 'Give one of them.' },
      });
    },
  );
});
