import { NotFoundError } from '@backstage/errors';
import { auditOperations, RecordFilter } from '@highroad/plugin-audit-common';
import { Implementations } from '@highroad/plugin-platform-node';
import { Visibility } from './access/Visibility';
import { answering } from './answering';
import { RecordExporter } from './search/RecordExporter';
import { RecordReader } from './search/RecordReader';
import { chainState } from './service/chainState';
import { Ledger } from './service/Ledger';
import { verdictOf } from './service/verdict';

/** Proxies cut connections that are silent for half a minute. */
const TAIL_WAIT_MS = 25_000;

/** What does the work of the ledger's operations. */
export function auditImplementations(deps: {
  ledger: Ledger;
  reader: RecordReader;
  exporter: RecordExporter;
  visibility: Visibility;
}): Implementations<typeof auditOperations> {
  const { ledger, reader, exporter, visibility } = deps;
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
      async handle({ input, decision, signal }) {
        const { after, limit, ...filter } = input;
        const visible = await visibility.by(decision);
        return reader.tail(filter, visible, {
          ...{ after, limit, signal, waitMs: TAIL_WAIT_MS },
        });
      },
    },
    chain: { handle: async () => chainState(ledger) },
    verify: {
      async handle({ input, note }) {
        const began = ledger.now().getTime();
        const db = await ledger.database();
        const found = await ledger.verifier.verify(db, input);
        note({ ok: found.ok, checked: found.checked });
        return verdictOf(found, ledger.now().getTime() - began);
      },
    },
    export: {
      async handle({ input, decision, note }) {
        note({ format: 'json-lines', ...noted(input) });
        const visible = await visibility.by(decision);
        return exporter.jsonLines(input, visible);
      },
    },
    exportCsv: {
      async handle({ input, decision, note }) {
        note({ format: 'csv', ...noted(input) });
        const visible = await visibility.by(decision);
        return exporter.csv(input, visible);
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
