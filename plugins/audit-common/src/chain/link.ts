import { ChainCrypto } from './crypto';

/**
 * The hash of one place in the chain: SHA-256 over the hash before it, its number, and the digest of its body, each on a
 * line.
 *
 * Only the digest of the body goes in, so that a chain can be verified by somebody who may not read every body.
 *
 * @param prev - hash of the place before; for the first, the id of the chain
 */
export function linkHash(
  prev: string,
  seq: number,
  bodyDigest: string,
  crypto: ChainCrypto,
): string {
  return crypto.sha256(`${prev}\n${seq}\n${bodyDigest}`);
}

/** The end of a chain, or a place that one goes on from. */
export interface ChainEnd {
  /** 0 before the first record */
  seq: number;
  /** Before the first record, the id of the chain */
  hash: string;
}
