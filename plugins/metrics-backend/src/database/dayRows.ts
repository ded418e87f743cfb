import { z } from 'zod';
import { DayMaterial } from '../facts/Facts';
import { packSamples, unpackSamples } from '../rollups/samples';
import { Row } from './factRows';

const count = z.coerce.number();
const samples = z.string().transform(unpackSamples);

/** What numbers of a day are made of, as it stands in a table. */
export const dayMaterialSchema = z
  .object({
    delivered: count,
    completed: count,
    failed: count,
    successful: count,
    rework: count,
    platform: count,
    excluded: count,
    open: count,
    open_since: z.string().nullable(),
    leads: samples,
    recoveries: samples,
    restores: samples,
  })
  .transform(
    ({ open_since, ...rest }): DayMaterial => ({
      ...rest,
      openSince: open_since ?? undefined,
    }),
  );

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
