import { ChainState } from '@highroad/plugin-audit-common';
import { basename } from 'node:path';
import { ArchiveStore } from '../database/ArchiveStore';
import { ChainStore } from '../database/ChainStore';
import { IntakeStore } from '../database/IntakeStore';
import { RecordStore } from '../database/RecordStore';
import { RejectedStore } from '../database/RejectedStore';
import { knownKeys } from '../keys/knownKeys';
import { lastSignedCheckpoint } from '../keys/signedCheckpoints';
import { Ledger } from './Ledger';

/** How the ledger is, for whoever looks at it. */
export async function chainState(ledger: Ledger): Promise<ChainState> {
  const db = await ledger.database();
  const [state, firstSeq, waiting, rejected, archives, intake] =
    await Promise.all([
      new ChainStore(db).read(),
      new RecordStore(db).firstSeq(),
      new IntakeStore(db).waiting(),
      new RejectedStore(db).count(),
      new ArchiveStore(db).all(),
      ledger.intake.state(),
    ]);
  const end = state && (await new RecordStore(db).at(state.head.seq));
  const { keys } = ledger.settings;
  const known = await knownKeys(db, keys, state?.chain ?? '');
  const last = await lastSignedCheckpoint(db, {
    ...{ keys: known.keys.known, chain: state?.chain ?? '' },
  });
  const { count, oldest } = waiting;
  const { canWrite, failing, spooled } = intake;
  return {
    ...(end && { head: { seq: end.seq, hash: end.hash, at: end.at } }),
    ...(firstSeq !== undefined && { firstSeq }),
    unsealed: { count, ...(oldest && { oldestAt: oldest }) },
    ...(last && { lastCheckpoint: { seq: last.seq, at: last.at } }),
    rejected,
    archives: archives.map(({ from, to, at, file }) => ({
      // Where the folder is concerns nobody who only looks.
      ...{ fromSeq: from, toSeq: to, at, file: basename(file) },
    })),
    intake: {
      ...{ writes: canWrite, spooled },
      ...(failing && {
        problem: `its database has taken none since ${failing.since}, the log says why`,
      }),
    },
    publicKeys: known.keys.known.map(({ id, publicKey }) => {
      const change = known.changes.find(one => one.retired === publicKey);
      return {
        ...{ keyId: id, publicKey },
        ...(change &&
          id !== known.keys.current.id && {
            retired: {
              ...{ upToSeq: change.seq, at: change.at },
              renewed: known.renewedUpTo >= change.seq,
            },
          }),
      };
    }),
  };
}
