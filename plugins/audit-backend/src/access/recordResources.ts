import { Knex } from 'knex';
import { RecordStore } from '../database/RecordStore';
import { toRecord } from '../search/toRecord';
import { AuditRecordResource } from './auditRecordResource';
import { OwnedServices } from './OwnedServices';

/** Loads records by their ids, for decisions on single ones. */
export function recordResources(deps: {
  database: () => Promise<Knex>;
  owned: OwnedServices;
}): (ids: string[]) => Promise<Array<AuditRecordResource | undefined>> {
  return async ids => {
    const store = new RecordStore(await deps.database());
    return Promise.all(
      ids.map(async id => {
        const row = await store.byId(id);
        const record = row && toRecord(row);
        if (!record) return undefined;
        const owners = record.service
          ? await deps.owned.ownersOf(record.service)
          : [];
        return { record, owners };
      }),
    );
  };
}
