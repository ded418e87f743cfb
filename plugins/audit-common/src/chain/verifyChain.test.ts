import fc from 'fast-check';
import {
  chainOf,
  CHAIN,
  changedBody,
  checkpointOf,
  rechain,
  signer,
  StoredPlace,
} from '../__testUtils__/chain';
import { Checkpoint } from './signed';
import { verifyChain, VerifyOptions } from './verifyChain';
import { sortedWitnesses } from './WitnessSource';

const { key, sign } = signer(1);
const stranger = signer(2);

function verify(
  places: StoredPlace[],
  checkpoints: Checkpoint[] = [],
  options: Partial<VerifyOptions> = {},
) {
  return verifyChain(places, {
    chain: CHAIN,
    start: { seq: 0, hash: CHAIN },
    keys: [key],
    witnesses: sortedWitnesses(
      checkpoints.map(checkpoint => ({
        ...{ kind: 'checkpoint', checkpoint, source: 'a file' },
      })),
    ),
    ...options,
  });
}

const at = (places: StoredPlace[], ...seqs: number[]) =>
  seqs.map(seq => checkpointOf(places[seq - 1], sign));

/** Each takes a chain and a place from 1 on, and says what is to be found where. */
const TAMPERINGS: Record<
  string,
  (
    places: StoredPlace[],
    n: number,
  ) => { places: StoredPlace[]; kind: string; seq: number } | undefined
> = {
  'a changed body': (places, n) => ({
    places: places.with(n - 1, changedBody(places[n - 1])),
    ...{ kind: 'changed', seq: n },
  }),
  'a changed body with its own hash made to fit': (places, n) => {
    if (n === places.length) return undefined;
    const again = rechain(
      places.with(n - 1, changedBody(places[n - 1])),
      n - 1,
    );
    return {
      places: [...again.slice(0, n), ...places.slice(n)],
      ...{ kind: 'changed', seq: n },
    };
  },
  'a changed column': (places, n) => ({
    places: places.with(n - 1, {
      ...places[n - 1],
      columns: { ...places[n - 1].columns!, actor: 'user:default/eve' },
    }),
    ...{ kind: 'columns differ', seq: n },
  }),
  'a removed record': (places, n) =>
    n === places.length
      ? undefined
      : { places: places.toSpliced(n - 1, 1), kind: 'removed', seq: n },
  'a removed record with the rest numbered again': (places, n) =>
    n === places.length
      ? undefined
      : {
          places: places
            .toSpliced(n - 1, 1)
            .map((place, index) => ({ ...place, seq: index + 1 })),
          ...{ kind: 'removed', seq: n },
        },
  'two records that changed places': (places, n) =>
    n + 2 > places.length
      ? undefined
      : {
          places: places
            .with(n - 1, { ...places[n + 1], seq: n })
            .with(n + 1, { ...places[n - 1], seq: n + 2 }),
          ...{ kind: 'reordered', seq: n },
        },
  'an inserted record, with the rest numbered again': (places, n) => ({
    places: places
      .toSpliced(n - 1, 0, changedBody(places[0]))
      .map((place, index) => ({ ...place, seq: index + 1 })),
    ...{ kind: 'inserted', seq: n },
  }),
};

describe('verifyChain', () => {
  it('finds nothing wrong with what was sealed', async () => {
    const places = chainOf(20);
    expect(await verify(places, at(places, 5, 20))).toEqual({
      ...{ ok: true, checked: 20, checkpoints: 2 },
      signedBy: [{ keyId: key.id, from: 5, to: 20, checkpoints: 2 }],
      head: { seq: 20, hash: places[19].hash },
    });
    expect(await verify([])).toMatchObject({ ok: true, checked: 0 });
  });

  it.each(Object.entries(TAMPERINGS))('finds and names %s', (_, tamper) =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        async (count, place) => {
          const places = chainOf(count);
          const tampered = tamper(places, Math.min(place, count));
          if (!tampered) return;
          expect(await verify(places)).toMatchObject({ ok: true });
          expect(await verify(tampered.places)).toMatchObject({
            ok: false,
            problem: { kind: tampered.kind, seq: tampered.seq },
          });
        },
      ),
      { numRuns: 40 },
    ),
  );

  it('finds a chain that was computed again by its checkpoints', async () => {
    const places = chainOf(12);
    const again = rechain(places.with(5, changedBody(places[5])), 5);
    expect(await verify(again)).toMatchObject({ ok: true });
    expect(await verify(again, at(places, 4, 8, 12))).toMatchObject({
      ok: false,
      problem: {
        ...{ kind: 'recomputed', seq: 8 },
        message: expect.stringContaining('between 5 and 8'),
      },
    });
  });

  it('finds the very record where a chain was computed again, if it knows what was sealed', async () => {
    const places = chainOf(12);
    const again = rechain(places.with(5, changedBody(places[5])), 5).map(
      (place, index) => ({ ...place, sealed: index < 5 }),
    );
    expect(await verify(again, [], { sealedUpTo: 12 })).toMatchObject({
      problem: { kind: 'recomputed', seq: 6 },
    });
    expect(await verify(again, [], { sealedUpTo: 5 })).toMatchObject({
      problem: { kind: 'inserted', seq: 6 },
    });
  });

  it('finds a cut tail by a checkpoint, and not where only a part was asked for', async () => {
    const places = chainOf(12);
    const cut = places.slice(0, 9);
    expect(await verify(cut, at(places, 5, 12))).toMatchObject({
      problem: {
        ...{ kind: 'cut tail', seq: 10 },
        message: expect.stringContaining('there were 12 records'),
      },
    });
    expect(
      await verify(cut, at(places, 5, 12), { partial: true }),
    ).toMatchObject({ ok: true });
  });

  it('believes no checkpoint that another key has signed, or that speaks of another chain', async () => {
    const places = chainOf(6);
    const again = rechain(places.with(2, changedBody(places[2])), 2);
    const forged = checkpointOf(again[5], stranger.sign);
    expect(await verify(again, [forged])).toMatchObject({
      problem: {
        ...{ kind: 'checkpoint forged', seq: 6 },
        message: expect.stringMatching(/ a checkpoint of \S+ \(a file\) that /),
      },
    });
    const renamed = { ...forged, keyId: key.id };
    expect(await verify(again, [renamed])).toMatchObject({
      problem: { kind: 'checkpoint forged', seq: 6 },
    });
    const foreign = checkpointOf(places[5], sign, 'd'.repeat(64));
    expect(await verify(places, [foreign])).toMatchObject({
      problem: {
        ...{ kind: 'recomputed', seq: 6 },
        message: expect.stringMatching(/ the checkpoint of \S+ \(a file\): /),
      },
    });
  });

  it('goes on from an anchor', async () => {
    const places = chainOf(10);
    const start = { seq: 4, hash: places[3].hash };
    expect(await verify(places.slice(4), [], { start })).toMatchObject({
      ...{ ok: true, checked: 6 },
    });
    expect(await verify(places.slice(5), [], { start })).toMatchObject({
      problem: { kind: 'removed', seq: 5 },
    });
  });

  it('names a record by its number, id and time', async () => {
    const places = chainOf(3);
    const verdict = await verify(places.with(1, changedBody(places[1])));
    expect(verdict).toMatchObject({
      problem: {
        ...{ id: places[1].columns!.id, at: places[1].columns!.at },
        message: `Record 2 (${places[1].columns!.id} of ${
          places[1].columns!.at
        }) was changed: it is not what was sealed at this place.`,
      },
    });
  });
});
