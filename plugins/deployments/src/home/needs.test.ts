import { ago, deployment, idOf } from '../__testUtils__/deployments';
import { Place } from '../board/board';
import { needOf } from './needs';

const now = new Date();
const place = (rest: Partial<Place>): Place => ({
  service: 'component:default/cart',
  environment: 'staging',
  ...rest,
});

describe('what deployments ask of an owner', () => {
  it('is nothing where all is well or just goes on', () => {
    const running = deployment();
    expect(needOf(place({ running }), now)).toBeUndefined();
    const latest = deployment({ state: 'shifting', endedAt: undefined });
    expect(needOf(place({ running, latest }), now)).toBeUndefined();
  });

  it('is to see why one failed, for a week', () => {
    const latest = deployment({
      ...{ id: idOf(2), state: 'failed', version: '2.0.0' },
      summary: 'The image cannot be pulled',
    });
    expect(needOf(place({ latest }), now)).toEqual({
      key: `deployment:${idOf(2)}`,
      title: 'cart 2.0.0 in staging',
      why: 'The image cannot be pulled.',
      action: { label: 'See why', to: `/deployments/${idOf(2)}` },
      since: latest.endedAt,
    });
    const old = { ...latest, endedAt: ago(8 * 24 * 3600) };
    expect(needOf(place({ latest: old }), now)).toBeUndefined();
  });

  it('is to see why one failed that was put back', () => {
    const running = deployment({
      ...{ id: idOf(3), kind: 'rollback', door: 'system' },
      summary: '1.4.2 runs in staging',
    });
    const undone = deployment({
      ...{ id: idOf(2), state: 'failed', version: '2.0.0' },
    });
    expect(needOf(place({ running, undone }), now)).toMatchObject({
      key: `deployment:${idOf(2)}`,
      title: 'cart 2.0.0 in staging',
      why: 'It failed, and 1.4.2 was put back.',
      action: { label: 'See why', to: `/deployments/${idOf(2)}` },
    });
  });

  it('is to look at one that waits for approval', () => {
    const latest = deployment({
      ...{ state: 'waiting-for-approval', environment: 'production' },
      endedAt: undefined,
    });
    expect(needOf(place({ latest }), now)).toMatchObject({
      title: 'cart 1.4.2 in production',
      why: 'It waits for a second person’s approval.',
      since: latest.requestedAt,
    });
  });

  it('is to see why one is down, however long it has run', () => {
    const running = deployment({ endedAt: ago(30 * 24 * 3600) });
    const down = place({ running, pods: { wanted: 2, ready: 0 } });
    expect(needOf(down, now)).toMatchObject({
      ...{ why: 'It is down: none of 2 pods ready.', since: now.toISOString() },
    });
    const some = place({ running, pods: { wanted: 2, ready: 1 } });
    expect(needOf(some, now)).toBeUndefined();
  });

  it('is to see what somebody changed by hand', () => {
    const drift = {
      ...{ state: 'differs' as const, at: ago(60), changes: [] },
      summary: 'Deployment cart differs',
    };
    expect(needOf(place({ running: deployment(), drift }), now)).toMatchObject({
      why: 'It was changed by hand since.',
    });
  });
});
