import { NotFoundError } from '@backstage/errors';
import { auditOperations, RecordFilter } from '@highroad/plugin-audit-common';
import { Implementations } from '@highroad/plugin-platform-node';
import { Visibility } from './access/Visibility';
import { answering } from './answering';
import { ParallelCalls } from './ParallelCalls';
import { RecordExporter } from './search/RecordExporter';
import { RecordReader } from './search/RecordReader';
import { chainState } from './service/chainState';
import { Ledger } from './service/Ledger';
import { verdictOf } from './service/verdict';

/** Proxies cut connections that are silent for half a minute. */
const TAIL_WAIT_MS = 25_000;

/** How many of each one caller may have going on at once. A portal's window follows once. */
const MOST = { exports: 2, tails: 20, verifications: 1 };

/** What does the work of the ledger's operations. */
export function auditImplementations(deps: {
  ledger: Ledger;
  reader: RecordReader;
  exporter: RecordExporter;
  visibility: Visibility;
}): Implementations<typeof auditOperations> {
  const { ledger, reader, exporter, visibility } = deps;
  const exports = new ParallelCalls('exports', MOST.exports);
  const tails = new ParallelCalls('live views', MOST.tails);
  const verifications = new ParallelCalls('verifications', MOST.verifications);
  return answering<typeof auditOperations>({
    search: {
      async handle({ input, decision }) {
        const { limit, before, ...filter } = input;
        const visible = await visibility.by(decision);
        return reader.search(filter, visible, { limit, before });
      },
    },
    record: {
      async handle({ input: { id }, decision }) {
        const found = await reader.record(id, await visibility.by(decision));
        if (!found) {
          throw new NotFoundError(
            `There is no audit record ${id} that you may see. It may be about a service that you do not own, or have been archived.`,
          );
        }
        return found;
      },
    },
    tail: {
      async handle({ input, decision, signal, actor }) {
        const { after, limit, ...filter } = input;
        return tails.during(actor.ref, async () =>
          reader.tail(filter, await visibility.by(decision), {
            ...{ after, limit, signal, waitMs: TAIL_WAIT_MS },
          }),
        );
      },
    },
    chain: { handle: async () => chainState(ledger) },
    verify: {
      async handle({ input, note, actor }) {
        const began = ledger.now().getTime();
        const db = await ledger.database();
        const found = await verifications.during(actor.ref, () =>
          ledger.verifier.verify(db, input),
        );
        note({ ok: found.ok, checked: found.checked });
        const { publicKey } = ledger.settings.keys.current;
        const tookMs = ledger.now().getTime() - began;
        return { ...verdictOf(found, tookMs), publicKey };
      },
    },
    export: {
      async handle({ input, decision, note, actor, signal }) {
        note({ format: 'json-lines', ...noted(input) });
        const visible = await visibility.by(decision);
        const lines = exporter.jsonLines(input, visible);
        return exports.stream(actor.ref, signal, lines);
      },
    },
    exportCsv: {
      async handle({ input, decision, note, actor, signal }) {
        note({ format: 'csv', ...noted(input) });
        const visible = await visibility.by(decision);
        const lines = exporter.csv(input, visible);
        return exports.stream(actor.ref, signal, lines);
      },
    },
  });
}

/** What was asked for, so that the record says what was taken away. */
function noted(filter: RecordFilter) {
  return {
    filter: Object.fromEntries(
      Object.entries(filter).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    ),
  };
}
