import fc from 'fast-check';
import {
  chainOf,
  CHAIN,
  checkpointOf,
  signer,
  StoredPlace,
} from '../__testUtils__/chain';
import { portableCrypto } from '../chain/crypto';
import { verifyExport } from './verifyExport';
import { ExportPiece, writeExport } from './writeExport';

const { key, sign } = signer(1);
const stranger = signer(2);

/** An export of records `from` and up, those of odd numbers whole. */
async function exported(
  places: StoredPlace[],
  from = 1,
  by: { key: typeof key; sign: typeof sign } = { key, sign },
): Promise<string[]> {
  async function* pieces(): AsyncGenerator<ExportPiece> {
    for (const place of places.slice(from - 1)) {
      const digest = portableCrypto.sha256(place.content.body);
      yield {
        place: {
          ...place,
          content: place.seq % 2 ? place.content : { digest },
        },
      };
      if (place.seq % 3 === 0) yield { checkpoint: checkpointOf(place, sign) };
    }
  }
  const lines: string[] = [];
  const text = writeExport(pieces(), {
    ...{ chain: CHAIN, at: '2026-05-02T00:00:00.000Z' },
    start: { seq: from - 1, hash: from > 1 ? places[from - 2].hash : CHAIN },
    filter: { service: ['component:default/cart'] },
    ...{ keys: [key, by.key], sign: by.sign },
    sha256: portableCrypto.sha256,
  });
  for await (const line of text) lines.push(line.replace(/\n$/, ''));
  return lines;
}

describe('an export', () => {
  it('verifies alone, also without the bodies that are left out, and says nothing of them', async () => {
    const places = chainOf(10);
    const lines = await exported(places, 4);
    expect(await verifyExport(lines)).toMatchObject({
      ...{ ok: true, records: 3, leftOut: 4, checkpoints: 2 },
      head: { seq: 10, hash: places[9].hash },
    });
    const all = lines.join('\n');
    expect(all).toContain('component:default/cart');
    expect(all).not.toContain('component:default/shop');
    expect(await verifyExport(`${all}\n`.split('\n'))).toMatchObject({
      ok: true,
    });
  });

  it('verifies with a key that is known from elsewhere', async () => {
    const places = chainOf(4);
    const publicKey = key.publicKey;
    const own = await exported(places);
    expect(await verifyExport(own, { publicKey })).toMatchObject({ ok: true });
    const foreign = await exported(places, 1, stranger);
    expect(await verifyExport(foreign)).toMatchObject({ ok: true });
    expect(await verifyExport(foreign, { publicKey })).toMatchObject({
      problem: { kind: 'not signed' },
    });
  });

  it('can be empty', async () => {
    const lines = await exported(chainOf(0));
    expect(await verifyExport(lines)).toMatchObject({ ok: true, records: 0 });
  });

  it.each<[string, (lines: string[]) => string[], object]>([
    ['cut at its end', lines => lines.slice(0, -1), { kind: 'truncated' }],
    ['cut in a line', lines => [lines.join('\n').slice(0, -9)], {}],
    [
      'without its beginning',
      lines => lines.slice(1),
      { kind: 'unreadable', line: 1 },
    ],
    ['continued', lines => [...lines, lines[3]], { kind: 'unreadable' }],
    ['doubled', lines => [...lines, ...lines], { kind: 'unreadable' }],
    ['of something else', () => ['{"a":1}'], { kind: 'unreadable', line: 1 }],
    ['of nothing', () => [], { kind: 'unreadable' }],
    [
      'without a record',
      lines => lines.toSpliced(3, 1),
      { kind: 'removed', seq: 3 },
    ],
    [
      'with records in another order',
      lines => lines.with(1, lines[2]).with(2, lines[1]),
      { kind: 'reordered', seq: 1 },
    ],
    [
      'with a changed record',
      lines => lines.with(3, lines[3].replace('ann', 'eve')),
      { kind: 'changed', seq: 3 },
    ],
    [
      'with a record replaced by its digest',
      lines => {
        const { body, ...rest } = JSON.parse(lines[3]);
        const digest = portableCrypto.sha256(body);
        return lines.with(3, JSON.stringify({ ...rest, digest }));
      },
      { kind: 'not signed' },
    ],
    [
      'with a checkpoint taken out',
      lines => lines.filter(line => !line.includes('"type":"checkpoint"')),
      { kind: 'not signed' },
    ],
  ])('%s is found out', async (_, tamper, expected) => {
    const lines = await exported(chainOf(8));
    expect(await verifyExport(lines)).toMatchObject({ ok: true });
    expect(await verifyExport(tamper(lines))).toMatchObject({
      ok: false,
      problem: expected,
    });
  });

  it('is found out whatever single character of it is changed', async () => {
    const text = (await exported(chainOf(5))).join('\n');
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: text.length - 1 }),
        fc.integer({ min: 33, max: 126 }),
        async (position, code) => {
          const char = String.fromCharCode(code);
          fc.pre(text[position] !== char);
          const changed =
            text.slice(0, position) + char + text.slice(position + 1);
          const verdict = await verifyExport(changed.split('\n'));
          expect(verdict.ok).toBe(false);
        },
      ),
      { numRuns: 200 },
    );
  });
});
