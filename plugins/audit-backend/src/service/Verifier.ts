import { InputError } from '@backstage/errors';
import { ChainProblem } from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { ArchiveStore } from '../database/ArchiveStore';
import { cutTail } from './cutTail';
import { IntakeState } from './Intake';
import { ChainFound, Outside, Range, verifyLedgerChain } from './ledgerChain';
import { renewalTarget } from './SealRenewer';
import { unsignedWarning } from './unsignedWarning';
import {
  fileDifferenceWarning,
  fileWarning,
  chainRowWarning,
  keyChangeWarning,
  lostRowsWarning,
  unprovenWarning,
  openIntentWarning,
  rejectedWarning,
  spoolWarning,
  waitingWarning,
} from './warnings';

/** How often it is begun again because records were archived meanwhile. */
const ATTEMPTS = 3;

/** What verifying found. */
export type Verification = Omit<ChainFound, 'beside'> &
  ({ ok: true } | { ok: false; problem: ChainProblem }) & {
    /** Up to where seals of earlier keys are renewed, while they are */
    renewing?: { upTo: number; of: number };
    /** Things that do not belong to the chain, but should be looked into */
    warnings: string[];
  };

/** Verifies the ledger, and names the first thing that is wrong. */
export class Verifier {
  readonly #outside: Outside;
  readonly #checkpointsEveryMs: number;
  readonly #intake: () => Promise<IntakeState>;
  readonly #now: () => Date;

  constructor(
    options: Outside & {
      /** How long there may be records without a checkpoint */
      checkpointsEveryMs: number;
      /** How the intake of this process is */
      intake: () => Promise<IntakeState>;
      now: () => Date;
    },
  ) {
    const { keys, checkpointFile, seen } = options;
    this.#outside = { keys, checkpointFile, seen };
    this.#checkpointsEveryMs = options.checkpointsEveryMs;
    this.#intake = options.intake;
    this.#now = options.now;
  }

  /** Where checkpoints were carried to, if anywhere. */
  get checkpointFile(): string | undefined {
    return this.#outside.checkpointFile;
  }

  /**
   * Verifies all, or a range, which is widened to the signed places around it.
   *
   * Records may be added and archived meanwhile.
   *
   * @throws InputError if the range ends before it begins, or begins behind the last record
   */
  async verify(db: Knex, range: Range = {}): Promise<Verification> {
    const { from, to } = range;
    if (from !== undefined && to !== undefined && from > to) {
      throw new InputError(
        `There is nothing to verify from ${from} to ${to}: "from" (${from}) must not be greater than "to" (${to}).`,
      );
    }
    for (let attempt = 1; ; attempt++) {
      const before = await new ArchiveStore(db).last();
      const verification = await this.#verifyOnce(db, range);
      const after = await new ArchiveStore(db).last();
      const archivedMeanwhile = after?.to !== before?.to;
      if (verification.ok || !archivedMeanwhile || attempt >= ATTEMPTS) {
        const { ok, head } = verification;
        if (ok && from !== undefined && from > head.seq && head.seq > 0) {
          throw new InputError(
            `There is nothing to verify from ${from} on: the last record is ${head.seq}.`,
          );
        }
        return verification;
      }
    }
  }

  /** What says that the chain went on behind where it ends now. Only the end is looked at. */
  async cutTail(
    db: Knex,
    how: 'thoroughly' | 'quickly',
  ): Promise<ChainProblem | undefined> {
    return cutTail(db, this.#outside, how);
  }

  async #verifyOnce(db: Knex, range: Range): Promise<Verification> {
    const readAt = this.#now();
    const found = await verifyLedgerChain(db, this.#outside, range);
    const { beside, ...chain } = found;
    // A range says nothing of what is behind it, and what it is part of may not be there any more.
    const cut =
      range.to !== undefined && found.ok
        ? await cutTail(db, this.#outside, 'quickly')
        : undefined;
    if (cut?.kind === 'recomputed') {
      return { ...chain, ok: false, problem: cut, warnings: [] };
    }
    const warnings = beside && [
      ...(cut ? [`Behind this range: ${cut.message} Verify all.`] : []),
      ...chainRowWarning(beside.isNoted, found.head),
      ...(await rejectedWarning(db)),
      ...(await lostRowsWarning(db)),
      ...(await waitingWarning(db, this.#now())),
      ...spoolWarning(await this.#intake()),
      ...(await openIntentWarning(db)),
      ...keyChangeWarning(beside.known.forged),
      ...unprovenWarning(found.unproven),
      ...(await this.#checkpointWarnings(db, found, beside, readAt)),
    ];
    const renewed = beside?.known.renewedUpTo ?? 0;
    const target = beside ? renewalTarget(beside.known) : 0;
    return {
      ...{ ...chain, warnings: warnings ?? [] },
      ...(renewed < target && { renewing: { upTo: renewed, of: target } }),
    };
  }

  async #checkpointWarnings(
    db: Knex,
    found: ChainFound,
    beside: NonNullable<ChainFound['beside']>,
    readAt: Date,
  ): Promise<string[]> {
    const { file, lastCheckpoint } = beside;
    const { checkpointFile } = this.#outside;
    const after = found.from - 1;
    const upTo = lastCheckpoint?.seq ?? 0;
    const unsigned = await unsignedWarning(db, {
      ...{ now: readAt, everyMs: this.#checkpointsEveryMs },
      signedUpTo: Math.max(after, upTo, ...(file?.given ?? [])),
    });
    if (!checkpointFile) return unsigned;
    const difference = { after, upTo, readAt };
    return [
      ...unsigned,
      ...fileWarning(checkpointFile, file, lastCheckpoint),
      ...(file
        ? await fileDifferenceWarning(db, checkpointFile, file, difference)
        : []),
    ];
  }
}
