import {
  Deployment,
  Drift,
  hasEnded,
  isUnready,
  Readiness,
} from '@highroad/plugin-deployments-common';
import { boardOf } from '../__testUtils__/boardOf';
import { deployment, deployments, idOf } from '../__testUtils__/deployments';
import { DeploymentsApi } from '../api';
import { Board, pauseAfter, readBoard } from './readBoard';

/** A backend that knows some deployments, one a service. */
function world(...all: Deployment[]) {
  const known = new Map(all.map(one => [one.id, one]));
  const pods = new Map<string, Readiness>();
  const drift = new Map<string, Drift>();
  const places = (service?: string[]) =>
    [...known.values()]
      .filter(one => !service || service.includes(one.service))
      .map(one => ({
        service: one.service,
        environment: one.environment,
        ...(one.state === 'succeeded' ? { running: one } : { latest: one }),
        pods: pods.get(one.id),
        drift: drift.get(one.id),
      }));
  const board = jest.fn(
    async ({ service, only }: Parameters<DeploymentsApi['board']>[0]) =>
      boardOf({
        items: places(service).filter(
          one =>
            !only ||
            (one.pods && isUnready(one.pods)) ||
            one.drift?.state === 'differs',
        ),
      }),
  );
  const api = deployments({
    board,
    list: async ({ state }) => ({
      items: [...known.values()].filter(one => !state || !hasEnded(one.state)),
    }),
  });
  return {
    ...{ api, board, pods, drift },
    put: (one: Deployment) => known.set(one.id, one),
  };
}
const of = (number: number, rest: Partial<Deployment> = {}) =>
  deployment({
    id: idOf(number),
    service: `component:default/s${number}`,
    ...rest,
  });
const options = { now: 1_000, signal: new AbortController().signal };

describe('reading what runs where', () => {
  it('reads all once, and then only of the services where something changed', async () => {
    const { api, board, put } = world(of(1), of(2));
    const first = await readBoard(api, undefined, options);
    expect(first.places).toHaveLength(2);

    expect(await readBoard(api, first, options)).toBe(first);
    expect(board).toHaveBeenCalledTimes(2);
    expect(board).toHaveBeenLastCalledWith(
      { only: 'amiss' },
      expect.anything(),
    );

    put(of(2, { state: 'applying', revision: 10 }));
    put(of(3));
    const second = await readBoard(api, first, options);
    expect(board).toHaveBeenLastCalledWith(
      {
        service: ['component:default/s2', 'component:default/s3'],
      },
      expect.anything(),
    );
    expect(second.places).toHaveLength(3);
    // What did not change is the same object, so that its row is not drawn again.
    expect(second.places[0]).toBe(first.places[0]);
  });

  it('reads all again after five minutes', async () => {
    const { api, board } = world(of(1));
    const first = await readBoard(api, undefined, options);
    await readBoard(api, first, { ...options, now: 400_000 });
    expect(board).toHaveBeenCalledTimes(3);
    expect(board).toHaveBeenLastCalledWith({}, expect.anything());
  });

  it('reads again of what pods are missing, and once they are back', async () => {
    const { api, board, pods } = world(of(1), of(2));
    const readyOf = (known: Board) => known.places.map(one => one.pods?.ready);
    pods.set(idOf(2), { wanted: 2, ready: 2 });
    const first = await readBoard(api, undefined, options);
    pods.set(idOf(2), { wanted: 2, ready: 0 });
    const down = await readBoard(api, first, options);
    expect(readyOf(down)).toEqual([undefined, 0]);
    expect(board).toHaveBeenLastCalledWith(
      { service: ['component:default/s2'] },
      expect.anything(),
    );
    expect(await readBoard(api, down, options)).toBe(down);
    pods.set(idOf(2), { wanted: 2, ready: 2 });
    expect(readyOf(await readBoard(api, down, options))).toEqual([
      ...[undefined, 2],
    ]);
  });

  it('reads again of what was changed by hand, and once it is so no more', async () => {
    const { api, board, drift } = world(of(1), of(2));
    const seen = (summary: string): Drift => ({
      ...{ state: 'differs', summary, at: '', changes: [] },
    });
    const toldIn = (known: Board) =>
      known.places.map(one => one.drift?.summary);
    const first = await readBoard(api, undefined, options);
    drift.set(idOf(2), seen('Deployment s2 was changed'));
    const changed = await readBoard(api, first, options);
    expect(toldIn(changed)).toEqual([undefined, 'Deployment s2 was changed']);
    expect(board).toHaveBeenLastCalledWith(
      { service: ['component:default/s2'] },
      expect.anything(),
    );
    expect(await readBoard(api, changed, options)).toBe(changed);
    drift.set(idOf(2), seen('Deployment s2 was removed'));
    const removed = await readBoard(api, changed, options);
    expect(toldIn(removed)).toEqual([undefined, 'Deployment s2 was removed']);
    drift.delete(idOf(2));
    expect(toldIn(await readBoard(api, removed, options))).toEqual([
      ...[undefined, undefined],
    ]);
  });

  it('asks every two seconds while something goes on, and every fifteen otherwise', async () => {
    const calm = await readBoard(world(of(1)).api, undefined, options);
    expect(pauseAfter(calm)).toBe(15_000);
    const busy = world(of(1, { state: 'queued' })).api;
    expect(pauseAfter(await readBoard(busy, undefined, options))).toBe(2_000);
  });
});
