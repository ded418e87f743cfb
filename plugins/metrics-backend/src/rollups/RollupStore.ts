import { Knex } from 'knex';
import { column } from '../database/columns';
import { dayColumns, dayGroups, dayMaterialOf } from '../database/dayRows';
import { Place } from '../database/DirtyDays';
import { Row } from '../database/factRows';
import { syncRows } from '../database/syncRows';
import { addDay, emptyDay, settleDay } from '../facts/dayMaterial';
import { DayMaterial } from '../facts/Facts';

const COLUMNS = ['dimension', 'ref', 'environment', 'day', 'example'];

/** By what days of services are brought together. */
export type Dimension = 'all' | 'owner' | 'system';

interface Cell extends Place {
  dimension: Dimension;
  ref: string;
  example: boolean;
  material: DayMaterial;
}

/** Days of all services together, and of those of each owner and system: few rows for what is looked at most. */
export class RollupStore {
  /**
   * Makes the rollups of some days say what the days of services say. They are read from these, not changed by how they changed, so
   * that they cannot go wrong over time.
   */
  async roll(places: Place[], transaction: Knex.Transaction): Promise<void> {
    const of = (table: string) =>
      transaction(table).whereIn(
        ['environment', 'day'],
        places.map(one => [one.environment, one.day]),
      );
    const cells = new Map<string, Cell>();
    for (const row of await dayGroups(transaction, of('daily'))) {
      const place = {
        environment: column.text(row.environment),
        day: column.text(row.day),
        example: column.flag(row.example),
      };
      const [owner, system] = [row.owner, row.system].map(column.text);
      const material = dayMaterialOf(row);
      add(cells, { dimension: 'all', ref: '', ...place }, material);
      add(cells, { dimension: 'owner', ref: owner, ...place }, material);
      add(cells, { dimension: 'system', ref: system, ...place }, material);
    }
    await syncRows(transaction, {
      ...{ table: 'rollups', columns: COLUMNS },
      there: await of('rollups'),
      rows: [...cells.values()].map((cell): Row => {
        const { material, ...place } = cell;
        settleDay(material);
        return { ...place, ...dayColumns(material) };
      }),
    });
    await transaction('day_revisions')
      .insert(
        places.map(({ environment, day }) => ({
          ...{ environment, day, revision: 1 },
        })),
      )
      .onConflict(['environment', 'day'])
      .merge({ revision: transaction.raw('day_revisions.revision + 1') });
  }
}

function add(
  cells: Map<string, Cell>,
  place: Omit<Cell, 'material'>,
  day: DayMaterial,
): void {
  const key = JSON.stringify(place);
  const cell = cells.get(key) ?? { ...place, material: emptyDay() };
  addDay(cell.material, day);
  cells.set(key, cell);
}
