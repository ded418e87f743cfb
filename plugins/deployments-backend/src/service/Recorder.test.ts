import { mockServices } from '@backstage/backend-test-utils';
import { ServiceUnavailableError } from '@backstage/errors';
import {
  Deployment,
  deploymentOperations,
} from '@highroad/plugin-deployments-common';
import { PLATFORM } from './Ending';
import { Recorder } from './Recorder';

/** A ledger that cannot write: what is critical is refused, and records of the rest wait. */
function recording() {
  const waiting: string[] = [];
  const auditor = mockServices.auditor.mock({
    createEvent: async ({ eventId, severityLevel }) => {
      if (severityLevel === 'critical') {
        throw new ServiceUnavailableError('It cannot be recorded.');
      }
      waiting.push(`${eventId} begun`);
      const success = async () => {
        waiting.push(`${eventId} succeeded`);
      };
      return { success, fail: async () => {} };
    },
  });
  return { recorder: new Recorder({ auditor }), waiting };
}

function deployment(kind: Deployment['kind'], requestedBy: string): Deployment {
  const place = { service: 'component:default/cart', environment: 'live' };
  const part: Partial<Deployment> = { id: '1', kind, requestedBy, ...place };
  return part as Deployment;
}

describe('applying while the ledger cannot write', () => {
  const apply = async (
    kind: Deployment['kind'],
    production: boolean,
    by = 'user:default/ann',
  ) => {
    const { recorder, waiting } = recording();
    const work = jest.fn(async () => waiting.push('applied'));
    const error = await recorder
      .applying(deployment(kind, by), { production }, work)
      .then(() => undefined)
      .catch(String);
    return { applied: work.mock.calls.length > 0, error, waiting };
  };

  it.each(['deploy', 'promotion'] as const)(
    'does not happen to production for a %s',
    async kind => {
      expect(await apply(kind, true)).toEqual({
        applied: false,
        error: expect.stringContaining('cannot be recorded'),
        waiting: [],
      });
      expect((await apply(kind, false)).applied).toBe(true);
    },
  );

  it.each([PLATFORM, 'user:default/ann'])(
    'goes on in production for a rollback that %s has begun, whose records wait',
    async by => {
      expect(await apply('rollback', true, by)).toEqual({
        applied: true,
        error: undefined,
        waiting: ['apply begun', 'applied', 'apply succeeded'],
      });
    },
  );

  it('cannot begin with a person’s request in production, since that is recorded as a change of it', () => {
    expect(deploymentOperations.rollback.audit).toEqual({
      event: 'rollback',
      severity: 'by-environment',
    });
  });
});

describe('steering while the ledger cannot write', () => {
  it.each([
    ['deploy', 'promote', true, false],
    ['deploy', 'skip', true, false],
    ['deploy', 'promote-full', true, false],
    // Holding back must not wait.
    ['deploy', 'pause', true, true],
    ['deploy', 'abort', true, true],
    ['rollback', 'promote-full', true, true],
    ['deploy', 'promote', false, true],
  ] as const)(
    'of a %s by %s in production (%s) goes on: %s',
    async (kind, action, production, goesOn) => {
      const { recorder, waiting } = recording();
      const told = await recorder
        .steering(
          ...([deployment(kind, PLATFORM), action, { production }] as const),
          async () => waiting.push('steered'),
        )
        .then(() => 'It is done.')
        .catch(String);
      expect(told).toContain(goesOn ? 'done' : 'cannot be recorded');
      expect(waiting).toEqual(
        goesOn ? ['shift begun', 'steered', 'shift succeeded'] : [],
      );
    },
  );
});
