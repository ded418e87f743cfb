import { DayMaterial } from '../facts/Facts';
import { packSamples, unpackSamples } from '../rollups/samples';
import { column, Columns } from './columns';
import { Row } from './factRows';

/** What numbers of a day are made of, as it stands in a table. */
export function dayMaterialOf(row: Columns): DayMaterial {
  return {
    delivered: column.number(row.delivered),
    completed: column.number(row.completed),
    failed: column.number(row.failed),
    successful: column.number(row.successful),
    rework: column.number(row.rework),
    platform: column.number(row.platform),
    excluded: column.number(row.excluded),
    open: column.number(row.open),
    openSince: column.textOrNone(row.open_since),
    leads: unpackSamples(column.text(row.leads)),
    recoveries: unpackSamples(column.text(row.recoveries)),
    restores: unpackSamples(column.text(row.restores)),
  };
}

/** The columns of a day. */
export function dayColumns(day: DayMaterial): Row {
  const { delivered, completed, failed, successful, rework } = day;
  const { platform, excluded, open, openSince } = day;
  return {
    ...{ delivered, completed, failed, successful, rework },
    ...{ platform, excluded, open, open_since: openSince ?? null },
    leads: packSamples(day.leads),
    recoveries: packSamples(day.recoveries),
    restores: packSamples(day.restores),
  };
}
