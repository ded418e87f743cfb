import { intentBody, outcomeBody } from './buildBody';

const intent = {
  ...{ id: '01932c07-5b1f-7c3e-8a55-000000000001', event: 'task' },
  at: '2026-05-01T10:00:00.000Z',
  severity: 'medium',
  actor: { kind: 'user', ref: 'user:default/ann' },
  ...{ context: {}, meta: {} },
} as const;
const ending = {
  ...{ id: '01932c07-5b1f-7c3e-8a55-000000000002', at: intent.at },
  ...{ context: {}, meta: { taskId: 'task-1' } },
};

describe('what belongs to one creation', () => {
  it('has its task, as soon as that is known, unless the request says more', () => {
    const asked = intentBody({ ...intent, plugin: 'scaffolder' });
    expect(asked.correlation).toBeUndefined();
    expect(outcomeBody(asked, ending).correlation).toBe('task-1');
    const done = { ...intent, plugin: 'scaffolder', meta: ending.meta };
    expect(intentBody(done).correlation).toBe('task-1');
    expect(
      intentBody({ ...done, context: { correlation: 'request-1' } }),
    ).toMatchObject({ correlation: 'request-1' });
  });

  it('is not taken from what another plugin calls so', () => {
    const asked = intentBody({
      ...{ ...intent, plugin: 'own', meta: ending.meta },
    });
    expect(asked.correlation).toBeUndefined();
    expect(outcomeBody(asked, ending).correlation).toBeUndefined();
  });
});
