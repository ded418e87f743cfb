import { Knex } from 'knex';
import { z } from 'zod';
import { dayColumns, dayMaterialSchema } from '../database/dayRows';
import { Place } from '../database/DirtyDays';
import { Row } from '../database/factRows';
import { syncRows } from '../database/syncRows';
import { addDay, emptyDay, settleDay } from '../facts/dayMaterial';
import { DayMaterial } from '../facts/Facts';

const COLUMNS = ['dimension', 'ref', 'environment', 'day', 'example'];

const dailySchema = z
  .object({
    owner: z.string(),
    system: z.string(),
    example: z.coerce.boolean(),
  })
  .and(dayMaterialSchema);

/** By what days of services are brought together. */
export type Dimension = 'all' | 'owner' | 'system';

interface Cell {
  dimension: Dimension;
  ref: string;
  example: boolean;
  day: DayMaterial;
}

/** Days of all services together, and of those of each owner and system: few rows for what is looked at most. */
export class RollupStore {
  /**
   * Makes the rollups of a day say what the days of services say. It is read from these, not changed by how they changed, so that it
   * cannot go wrong over time.
   */
  async roll(
    { environment, day }: Place,
    transaction: Knex.Transaction,
  ): Promise<void> {
    const cells = new Map<string, Cell>();
    const rows = await transaction('daily').where({ environment, day });
    for (const one of z.array(dailySchema).parse(rows)) {
      const { owner, system, example } = one;
      add(cells, { dimension: 'all', ref: '', example }, one);
      add(cells, { dimension: 'owner', ref: owner, example }, one);
      add(cells, { dimension: 'system', ref: system, example }, one);
    }
    await syncRows(transaction, {
      ...{ table: 'rollups', columns: COLUMNS },
      there: await transaction('rollups').where({ environment, day }),
      rows: [...cells.values()].map((cell): Row => {
        settleDay(cell.day);
        const { dimension, ref, example } = cell;
        return {
          ...{ dimension, ref, environment, day, example },
          ...dayColumns(cell.day),
        };
      }),
    });
  }
}

function add(
  cells: Map<string, Cell>,
  place: Omit<Cell, 'day'>,
  day: DayMaterial,
): void {
  const key = JSON.stringify(place);
  const cell = cells.get(key) ?? { ...place, day: emptyDay() };
  addDay(cell.day, day);
  cells.set(key, cell);
}
