import { metricEventSchema, problemsOf, storedEvent } from './events';

const finished = {
  specversion: '1.0',
  id: 'e1',
  source: '/ci',
  type: 'com.myorg.platform.deployment.finished.1',
  time: '2026-06-01T14:00:00+02:00',
  data: {
    service: 'Component:default/Cart',
    environment: 'production',
    deployment: 'd1',
    outcome: 'succeeded',
  },
};

describe('events', () => {
  it('are read with times in UTC and references in lower case', () => {
    expect(metricEventSchema.parse(finished)).toMatchObject({
      time: '2026-06-01T12:00:00.000Z',
      data: { service: 'component:default/cart', kind: 'deploy' },
    });
  });

  it('drop what they are not asked for, such as who did it', () => {
    const read = metricEventSchema.parse({
      ...finished,
      data: { ...finished.data, requestedBy: 'user:default/anna' },
    });
    expect(JSON.stringify(read)).not.toContain('anna');
  });

  it('are the same when they come out of the ledger', () => {
    const taken = metricEventSchema.parse(finished);
    const { id, source, type, time, data } = JSON.parse(JSON.stringify(taken));
    expect(storedEvent({ id, source, type, time, data })).toEqual(taken);
  });

  it('get from the ledger what was added to their shape since', () => {
    const { kind: _, ...older } = metricEventSchema.parse(finished).data as {
      kind?: string;
    };
    const { id, source, type, time } = finished;
    expect(
      storedEvent({ id, source, type, time, data: older }).data,
    ).toMatchObject({ kind: 'deploy', deployment: 'd1' });
    const other = { id, source, type: 'toString', time, data: older };
    expect(() => storedEvent(other)).toThrow('nothing is known of events');
  });

  it('of an owner that is no group have none when they come out of the ledger', () => {
    const owned = (owner: string) =>
      storedEvent({
        ...{ id: 'e1', source: '/ci', time: '2026-06-01T12:00:00.000Z' },
        type: 'com.myorg.platform.service.owned.1',
        data: { service: 'component:default/cart', owner, eligible: true },
      }).data;
    expect(owned('group:default/shop')).toHaveProperty(
      'owner',
      'group:default/shop',
    );
    for (const owner of ['user:default/anna', 'anna']) {
      expect(owned(owner)).toMatchObject({ service: 'component:default/cart' });
      expect(JSON.stringify(owned(owner))).not.toContain('anna');
    }
  });

  it.each([
    [
      {
        ...{ ...finished, type: 'com.myorg.platform.service.owned.1' },
        data: { service: finished.data.service, owner: 'user:default/anna' },
      },
      'data.owner: only a group has numbers',
    ],
    [{ ...finished, type: 'other' }, 'nothing is known of events of type'],
    [{ ...finished, type: 'toString' }, 'nothing is known of events of type'],
    [{ ...finished, time: 'yesterday' }, 'time: write a time of ISO 8601'],
    [
      { ...finished, data: { ...finished.data, outcome: 'fine' } },
      'data.outcome',
    ],
    [{ ...finished, data: {} }, 'data.service is missing'],
    [{ ...finished, id: 'e\0' }, 'id: leave out the character NUL'],
    [
      { ...finished, data: { ...finished.data, fixes: ['d0', 'd\ud83d'] } },
      'data.fixes.1: leave out the character NUL, and halves of characters',
    ],
    ['text', 'Expected object'],
  ])('are refused with what is wrong: %#', (event, words) => {
    const read = metricEventSchema.safeParse(event);
    expect(read.success ? '' : problemsOf(read.error)).toContain(words);
  });
});
