import { Door } from '@highroad/plugin-platform-common';
import { ProblemKind } from '../chain/problem';
import { environmentsOf } from '../record/environments';
import { LedgerRecord } from '../record/LedgerRecord';
import { DONE } from './done';

/** How something ended, or that it has not. */
export type Ending = 'succeeded' | 'failed' | 'refused' | 'open';

const DOORS: Record<Door, string> = {
  portal: 'in the portal',
  cli: 'by the command line',
  action: 'by an action',
  controller: 'by the controller',
  webhook: 'by a webhook',
  api: 'by a program',
  system: 'by itself',
};

const SUSPICIONS: Partial<Record<ProblemKind, string>> = {
  'columns differ': 'found by what it does not say',
  recomputed: 'not sealed by the ledger',
};

/** Who it was, short: `jonas.lind`, `token ci-cart`, `the catalog`. */
export function whoText({ actor }: Pick<LedgerRecord, 'actor'>): string {
  if (actor.kind === 'none') return 'nobody';
  if (actor.ref.startsWith('plugin:')) return `the ${actor.ref.slice(7)}`;
  return actor.kind === 'service' ? `token ${actor.ref}` : nameIn(actor.ref);
}

/** What was done, in the past tense where it is known: `verified the records`. */
export function whatText(
  record: Pick<LedgerRecord, 'plugin' | 'event' | 'meta'>,
): string {
  const { plugin, event, meta } = record;
  const name = `${plugin}.${event}`;
  return (
    DONE[`${name} ${meta?.actionType}`] ??
    DONE[name] ??
    `${event.replace(/[-_]/g, ' ')} (${plugin})`
  );
}

/** In which environments: `staging`, or `staging, preview-12`; nothing where it is about none. */
export function whereText(
  record: Pick<LedgerRecord, 'environment' | 'meta'>,
): string {
  return environmentsOf(record).join(', ');
}

/** The name in a reference: `cart` for `component:default/cart`. */
export function nameIn(ref: string): string {
  return ref.replace(/^[^:]+:(default\/)?/, '');
}

export function endingOf(
  record: Pick<LedgerRecord, 'phase' | 'outcome'>,
): Ending {
  return record.phase === 'outcome' ? record.outcome ?? 'succeeded' : 'open';
}

/** By which door, as the end of a sentence. */
export function doorText(door: Door): string {
  return DOORS[door];
}

/** A record as one sentence. */
export function sentence(record: LedgerRecord): string {
  const { service, door } = record;
  const where = whereText(record);
  const parts = [
    whoText(record),
    whatText(record),
    service && `of ${nameIn(service)}`,
    where && `in ${where}`,
    doorText(door),
  ];
  const ending = endingOf(record);
  const said = `${parts.filter(Boolean).join(' ')}: ${
    ending === 'open' ? 'not ended' : ending
  }`;
  const suspicion = suspicionText(record);
  return suspicion ? `${suspicion}. It says: ${said}` : said;
}

/** That a record is not what was sealed, in few words: `suspect: changed`; nothing for one that holds. */
export function suspicionText({
  suspect,
}: Pick<LedgerRecord, 'suspect'>): string | undefined {
  return suspect && `suspect: ${SUSPICIONS[suspect.kind] ?? suspect.kind}`;
}
