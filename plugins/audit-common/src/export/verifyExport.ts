import {
  ChainCrypto,
  isSignedBy,
  namedKey,
  portableCrypto,
  PublicKey,
} from '../chain/crypto';
import { SignedBy } from '../chain/Hearing';
import { withSuccessors } from '../chain/keyChange';
import { ChainEnd } from '../chain/link';
import { ChainProblem } from '../chain/problem';
import { verifyChain } from '../chain/verifyChain';
import { Witness, witnessSeq } from '../chain/witness';
import { WitnessSource } from '../chain/WitnessSource';
import { ExportReader, UnreadableExport } from './ExportReader';
import { ExportFooter, footerText } from './lines';

/** The first thing that is wrong with an export. */
export type ExportProblem =
  | ChainProblem
  | {
      /** It ends too early / is no export / is not signed by who it should be, or not what was signed */
      kind: 'truncated' | 'unreadable' | 'not signed';
      /** Counted from 1 */
      line: number;
      message: string;
    };

export type ExportVerdict = {
  /** Records that are there with their body */
  records: number;
  /** Records of which only the digest is there */
  leftOut: number;
  checkpoints: number;
  /** Which keys signed those */
  signedBy: SignedBy[];
  head: ChainEnd;
  /** What it was verified with. Unless they were pinned, they come from the export itself: compare them */
  keys: PublicKey[];
} & (
  | {
      ok: true;
      at: string;
      /** Id of the key that signed it as a whole */
      keyId: string;
    }
  | {
      ok: false;
      problem: ExportProblem;
      /** It is signed, but not with the key that was given */
      wrongKey?: true;
    }
);

/**
 * Verifies an export, alone and offline.
 *
 * @param lines - without line breaks; any stream of them, of any length
 * @param options.publicKey - the ledger's public key, in hexadecimal, as you know it. Without it, an export that was made
 * up as a whole and signed with another key is only seen by that key
 */
export async function verifyExport(
  lines: AsyncIterable<string> | Iterable<string>,
  options: { publicKey?: string; crypto?: ChainCrypto } = {},
): Promise<ExportVerdict> {
  const { crypto = portableCrypto, publicKey } = options;
  const reader = new ExportReader(lines, crypto);
  const pinned = publicKey ? namedKey(publicKey, crypto) : undefined;
  let keys: PublicKey[] = pinned ? [pinned] : [];
  let end: ChainEnd = { seq: 0, hash: '' };
  let checkpoints = 0;
  let signedBy: SignedBy[] = [];
  const bad = (problem: ExportProblem): ExportVerdict & { ok: false } => ({
    ...{ ok: false, problem, keys, checkpoints, signedBy, head: end },
    ...{ records: reader.records, leftOut: reader.leftOut },
  });

  try {
    const header = await reader.header();
    const foreign = header.keys.find(
      key => namedKey(key.publicKey, crypto).id !== key.id,
    );
    if (foreign) {
      throw new UnreadableExport(
        'unreadable',
        1,
        `Line 1 gives the key ${foreign.publicKey} an id that is not its own.`,
      );
    }
    keys = header.keys;
    const verdict = await verifyChain(reader.places(), {
      ...{ chain: header.chain, keys, crypto },
      start: { seq: header.from - 1, hash: header.prev },
      witnesses: queued(reader.witnesses),
    });
    end = verdict.head;
    ({ checkpoints, signedBy } = verdict);
    if (!verdict.ok) return bad(verdict.problem);
    const footer = await reader.footer();
    const about = { chain: header.chain, crypto };
    const { keyChanges = [] } = header;
    checkFooter(footer, {
      ...{ reader, end, crypto },
      pinned: pinned && withSuccessors([pinned], keyChanges, about),
      keys,
    });
    return {
      ...{ ok: true, at: footer.at, keyId: footer.keyId },
      ...{ keys, checkpoints, signedBy, head: end },
      ...{ records: reader.records, leftOut: reader.leftOut },
    };
  } catch (error) {
    if (!(error instanceof UnreadableExport)) throw error;
    const { kind, line, message } = error;
    const found = bad({ kind, line, message });
    return error.wrongKey ? { ...found, wrongKey: true } : found;
  }
}

function checkFooter(
  footer: ExportFooter,
  context: {
    reader: ExportReader;
    end: ChainEnd;
    crypto: ChainCrypto;
    /** The key that was given, and those that it handed over to */
    pinned: PublicKey[] | undefined;
    keys: PublicKey[];
  },
): void {
  const { reader, end, crypto, pinned, keys } = context;
  const fail = (message: string) => {
    throw new UnreadableExport('not signed', reader.line, message);
  };
  if (pinned?.every(key => key.id !== footer.keyId)) {
    throw new UnreadableExport(
      'not signed',
      reader.line,
      `The export is signed with the key ${footer.keyId}, not with ${pinned[0].id}, which you gave. If that was a key of the ledger before, it is among those that the ledger shows: compare, and give that one.`,
      true,
    );
  }
  const trusted = pinned ?? keys;
  if (!isSignedBy(trusted, footer, footerText(footer), crypto)) {
    fail('The signature at the end is not that of the ledger.');
  }
  const agrees =
    footer.chain === reader.chain &&
    footer.from === reader.from &&
    footer.prev === reader.prev &&
    footer.to === end.seq &&
    footer.hash === end.hash &&
    footer.records === reader.records &&
    footer.leftOut === reader.leftOut &&
    footer.lines === reader.linesBeforeFooter;
  if (!agrees) {
    fail(
      'The lines are not those that were signed: some were taken away, added or changed.',
    );
  }
}

/** Witnesses that are found while the places are read. */
function queued(queue: Witness[]): WitnessSource {
  return {
    async upTo(seq) {
      const found = queue.filter(witness => witnessSeq(witness) <= seq);
      const later = queue.filter(witness => witnessSeq(witness) > seq);
      queue.splice(0, queue.length, ...later);
      return found;
    },
    next: async () => queue.shift(),
  };
}
