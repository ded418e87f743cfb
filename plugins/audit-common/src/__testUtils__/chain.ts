import { ed25519 } from '@noble/curves/ed25519';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import { ChainPlace } from '../chain/ChainPlace';
import { namedKey, portableCrypto } from '../chain/crypto';
import { linkHash } from '../chain/link';
import { Checkpoint, checkpointText } from '../chain/signed';
import { columnsOf } from '../record/columns';
import { RecordBody, recordBodySchema } from '../record/RecordBody';

export const CHAIN = 'c'.repeat(64);

/** A signer with a key that is the same in each run. */
export function signer(byte: number) {
  const secret = new Uint8Array(32).fill(byte);
  const key = namedKey(
    bytesToHex(ed25519.getPublicKey(secret)),
    portableCrypto,
  );
  const sign = (text: string) => ({
    keyId: key.id,
    signature: bytesToHex(ed25519.sign(utf8ToBytes(text), secret)),
  });
  return { key, sign };
}

export function body(n: number): RecordBody {
  const minute = String(n % 60).padStart(2, '0');
  return {
    v: 1,
    id: `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`,
    at: `2026-05-01T10:${minute}:00.000Z`,
    plugin: 'deployments',
    event: 'create',
    severity: 'medium',
    phase: 'intent',
    actor: { kind: 'user', ref: 'user:default/ann' },
    door: 'cli',
    service: n % 2 ? 'component:default/cart' : 'component:default/shop',
  };
}

export type StoredPlace = ChainPlace & { content: { body: string } };

/** Places as a ledger would have sealed them. */
export function chainOf(count: number): StoredPlace[] {
  let prev = CHAIN;
  return Array.from({ length: count }, (_, index) => {
    const seq = index + 1;
    const content = body(seq);
    const text = JSON.stringify(content);
    const hash = linkHash(
      prev,
      seq,
      portableCrypto.sha256(text),
      portableCrypto,
    );
    const place = {
      ...{ seq, prev, hash, content: { body: text } },
      columns: columnsOf(content),
    };
    prev = hash;
    return place;
  });
}

/** Computes the hashes again from a place on, as somebody would who wants a change to fit. */
export function rechain(places: StoredPlace[], from: number): StoredPlace[] {
  let prev = from > 0 ? places[from - 1].hash : CHAIN;
  return places.map((place, index) => {
    if (index < from) return place;
    const seq = index + 1;
    const digest = portableCrypto.sha256(place.content.body);
    const hash = linkHash(prev, seq, digest, portableCrypto);
    const again = { ...place, seq, prev, hash };
    prev = hash;
    return again;
  });
}

export function checkpointOf(
  place: { seq: number; hash: string },
  sign: (text: string) => { keyId: string; signature: string },
  chain = CHAIN,
): Checkpoint {
  const content = {
    ...{ chain, seq: place.seq, hash: place.hash },
    at: '2026-05-01T11:00:00.000Z',
  };
  return { ...content, ...sign(checkpointText(content)) };
}

/** Changed everywhere, as somebody would who knows how it is stored. */
export function changedBody(place: StoredPlace): StoredPlace {
  const text = place.content.body.replace('user:default/ann', 'user:x/y');
  return {
    ...place,
    content: { body: text },
    columns: columnsOf(recordBodySchema.parse(JSON.parse(text))),
  };
}
