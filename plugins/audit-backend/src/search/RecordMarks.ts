import {
  checkAlone,
  LedgerRecord,
  ledgerRecordSchema,
  parseBody,
  RecordBody,
  recordBodySchema,
} from '@highroad/plugin-audit-common';
import { FoundRow } from '../database/RecordEnvironmentStore';
import { KnownKeys } from '../keys/knownKeys';
import { nodeCrypto } from '../keys/nodeCrypto';
import { placeOf } from '../service/ledgerPlaces';

const NO_ID = '00000000-0000-0000-0000-000000000000';
const NO_TIME = '1970-01-01T00:00:00.000Z';

/** Tells records that are what the ledger sealed from others. */
export class RecordMarks {
  readonly #known: KnownKeys;

  constructor(known: KnownKeys) {
    this.#known = known;
  }

  /** Whether a stored record is, by itself, what was sealed. */
  holds(row: FoundRow): boolean {
    return this.#problem(row) === undefined;
  }

  /**
   * A stored record as it is given out. One that somebody changed is given out too, with why it is suspect: left out, it
   * would be hidden. Where its body cannot be read, it says what it is found by.
   */
  record(row: FoundRow): LedgerRecord {
    const { seq, hash } = row;
    const found = this.#problem(row);
    const body = parseBody(row.body) ?? foundBy(row);
    return ledgerRecordSchema.parse({
      ...{ ...body, seq, hash },
      ...(found && { suspect: { kind: found.kind, message: found.message } }),
    });
  }

  #problem(row: FoundRow) {
    return checkAlone(placeOf(row, this.#known), nodeCrypto);
  }
}

/** What the columns say, as far as it can be. Only for records whose body is gone; these are always suspect. */
function foundBy(row: FoundRow): RecordBody {
  const { shape } = recordBodySchema;
  const { plugin, outcome } = row;
  const event = row.event.startsWith(`${plugin}.`)
    ? row.event.slice(plugin.length + 1)
    : row.event;
  return {
    v: 1,
    id: shape.id.catch(NO_ID).parse(row.id),
    at: shape.at.catch(NO_TIME).parse(row.at),
    plugin: plugin || 'unknown',
    event: event || 'unknown',
    severity: shape.severity.catch('medium').parse(row.severity),
    phase: shape.phase.catch('outcome').parse(row.phase),
    actor: { kind: 'none', ref: row.actor },
    door: shape.door.catch('system').parse(row.door),
    ...(outcome && {
      outcome: shape.outcome.catch(undefined).parse(outcome),
    }),
    ...(row.service && { service: row.service }),
    ...(row.environment && { environment: row.environment }),
    ...(row.correlation && { correlation: row.correlation }),
  };
}
