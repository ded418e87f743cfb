import { RecordColumns } from '../record/columns';
import { parseBody } from '../record/RecordBody';
import { ChainCrypto } from './crypto';

/** One place of a chain, as it is stored or exported. Nothing of it is believed. */
export interface ChainPlace {
  seq: number;
  prev: string;
  hash: string;
  /** The stored text, or where that is left out, its digest */
  content: { body: string } | { digest: string };
  /** What it is found by, where that is stored beside */
  columns?: RecordColumns;
  /** Names of other things stored beside that do not fit */
  misfits?: string[];
  /** Whether the ledger itself made this hash, where the one who verifies can tell */
  sealed?: boolean;
}

/** SHA-256 of the body. */
export function digestOf(place: ChainPlace, crypto: ChainCrypto): string {
  const { content } = place;
  return 'body' in content ? crypto.sha256(content.body) : content.digest;
}

/** What to call a place in a message, as far as it can be read. */
export function nameOf(place: ChainPlace): {
  seq: number;
  id?: string;
  at?: string;
} {
  const { seq, content, columns } = place;
  const body = 'body' in content ? parseBody(content.body) : undefined;
  return {
    seq,
    id: columns?.id ?? body?.id,
    at: columns?.at ?? body?.at,
  };
}
