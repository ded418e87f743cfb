import { RecordColumns } from '../record/columns';
import { parseBody } from '../record/RecordBody';
import { ChainCrypto } from './crypto';
import { ChainEnd } from './link';

/** One place of a chain, as it is stored or exported. Nothing of it is believed. */
export interface ChainPlace {
  seq: number;
  prev: string;
  hash: string;
  /** The stored text, or where that is left out, its digest */
  content: { body: string } | { digest: string };
  /** What it is found by, where that is stored beside */
  columns?: RecordColumns;
  /** The further environments that it is found by, in the order of the alphabet; missing where they were not read */
  environments?: string[];
  /** Names of other things stored beside that do not fit */
  misfits?: string[];
  /** Whether the ledger itself made this hash, where the one who verifies can tell */
  sealed?: boolean;
  /**
   * On one that is not known to be sealed: id of the earlier key whose seal it bears. It can no longer be checked, so only a
   * checkpoint by that key shows that the place is as it was
   */
  awaits?: string;
  /** On one that is not sealed: id of the earlier key whose seal it bears, though that key does not count there */
  outdated?: string;
}

/** SHA-256 of the body. */
export function digestOf(place: ChainPlace, crypto: ChainCrypto): string {
  const { content } = place;
  return 'body' in content ? crypto.sha256(content.body) : content.digest;
}

/** What a place is called in messages. */
export interface PlaceName {
  seq: number;
  id?: string;
  at?: string;
}

/** What to call a place, as far as it can be read. */
export function nameOf(place: ChainPlace): PlaceName {
  const { seq, content, columns } = place;
  if (columns) return { seq, id: columns.id, at: columns.at };
  const body = 'body' in content ? parseBody(content.body) : undefined;
  return { seq, id: body?.id, at: body?.at };
}

/** The last place that was found good; without a place, what the chain goes on from. */
export type GoodEnd = ChainEnd & { place?: ChainPlace };

export function nameOfEnd({ seq, place }: GoodEnd): PlaceName {
  return place ? nameOf(place) : { seq };
}
