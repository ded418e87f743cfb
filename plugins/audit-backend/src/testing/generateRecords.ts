import {
  ChainEnd,
  checkpointText,
  columnsOf,
  Checkpoint,
  furtherEnvironmentsOf,
  linkHash,
  Outcome,
  RecordBody,
} from '@highroad/plugin-audit-common';
import { v7 as uuidv7 } from 'uuid';
import { RecordRow } from '../database/RecordStore';
import { LedgerKeys } from '../keys/LedgerKeys';
import { nodeCrypto } from '../keys/nodeCrypto';

/** Numbers of different things in a generated ledger. */
export interface GeneratedSize {
  services: number;
  people: number;
  /** Over how long the records are spread, until `end` */
  days: number;
  end: Date;
}

const DAY_MS = 24 * 60 * 60_000;
const ENVIRONMENTS = ['production', 'staging', 'preview-1', 'preview-2'];
const DOORS = ['portal', 'portal', 'cli', 'cli', 'action', 'api'] as const;
const EVENTS = [
  ...['deployments.create', 'deployments.roll-back', 'deployments.approve'],
  ...['environments.create', 'environments.extend', 'environments.delete'],
  ...['secrets.set', 'secrets.reveal', 'secrets.rotate', 'catalog.mutate'],
];
/** One in so many has not ended. */
const OPEN = 1_000;
const CHECKPOINT_EVERY = 1_000;

/**
 * Records as a company has them, with a valid chain: few services and people do most, production is a fifth, nine of ten
 * succeed. Each intent is followed by its outcome.
 *
 * @param random - gives numbers from 0 to 1
 */
export function* generateRecords(options: {
  count: number;
  keys: LedgerKeys;
  /** Id of the chain */
  chain: string;
  size: GeneratedSize;
  random: () => number;
}): Generator<{
  row: RecordRow;
  /** What it is found by besides */
  environments: string[];
  checkpoint?: Checkpoint;
}> {
  const { count, keys, chain, size, random } = options;
  const start = size.end.getTime() - size.days * DAY_MS;
  const step = (size.days * DAY_MS) / count;
  let end: ChainEnd = { seq: 0, hash: chain };
  let intent: RecordBody | undefined;
  while (end.seq < count) {
    const at = new Date(start + (end.seq + 1) * step);
    const body: RecordBody = intent
      ? outcomeOf(intent, at, random)
      : intentAt(at, size, random);
    const { row, head } = seal(body, at, end, keys);
    end = head;
    intent = intent || random() < 1 / OPEN ? undefined : body;
    yield {
      ...{ row, environments: furtherEnvironmentsOf(body) },
      ...(end.seq % CHECKPOINT_EVERY === 0 && {
        checkpoint: checkpointAt(chain, end, at, keys),
      }),
    };
  }
}

function seal(body: RecordBody, at: Date, end: ChainEnd, keys: LedgerKeys) {
  const text = JSON.stringify(body);
  const seq = end.seq + 1;
  const digest = nodeCrypto.sha256(text);
  const hash = linkHash(end.hash, seq, digest, nodeCrypto);
  const sealed_at = at.toISOString();
  const row: RecordRow = {
    ...{ seq, prev: end.hash, hash, body: text, sealed_at, late: false },
    seal: keys.markPlace(hash, sealed_at),
    ...columnsOf(body),
  };
  return { row, head: { seq, hash } };
}

function checkpointAt(
  chain: string,
  end: ChainEnd,
  at: Date,
  keys: LedgerKeys,
): Checkpoint {
  const content = { chain, ...end, at: at.toISOString() };
  return { ...content, ...keys.sign(checkpointText(content)) };
}

function intentAt(
  at: Date,
  size: GeneratedSize,
  random: () => number,
): RecordBody {
  const pick = <T>(list: readonly T[]) =>
    list[Math.floor(random() * list.length)];
  // Squared, so that those with low numbers are met far more often.
  const some = (most: number) => Math.floor(random() ** 2 * most);
  const [plugin, event] = pick(EVENTS).split('.');
  // A secret is mostly set in everything that is not production.
  const several = event === 'set' && random() < 0.7;
  const one = random() < 0.2 ? 'production' : pick(ENVIRONMENTS.slice(1));
  const correlation = uuidv7({ msecs: at.getTime() });
  return {
    ...{ v: 1, id: uuidv7({ msecs: at.getTime() }), at: at.toISOString() },
    ...{ plugin, event, severity: 'medium', phase: 'intent', correlation },
    actor: { kind: 'user', ref: `user:default/person-${some(size.people)}` },
    door: pick(DOORS),
    service: `component:default/service-${some(size.services)}`,
    ...(!several && { environment: one }),
    request: { method: 'POST', path: `/api/${plugin}/v1/${event}` },
    meta: {
      ...{ version: `1.${some(100)}.0`, size: some(1_000_000) },
      ...(several && { environments: ENVIRONMENTS.slice(1, 2 + some(3)) }),
    },
  };
}

function outcomeOf(
  intent: RecordBody,
  at: Date,
  random: () => number,
): RecordBody {
  const lot = random();
  const failed =
    lot < 0.9 ? undefined : { name: 'Error', message: 'It broke.' };
  return {
    ...intent,
    ...{ id: uuidv7({ msecs: at.getTime() }), at: at.toISOString() },
    ...{ phase: 'outcome', intent: intent.id, startedAt: intent.at },
    outcome: outcomeBy(lot),
    ...(failed && { error: failed }),
  };
}

function outcomeBy(lot: number): Outcome {
  if (lot < 0.9) return 'succeeded';
  return lot < 0.98 ? 'failed' : 'refused';
}
