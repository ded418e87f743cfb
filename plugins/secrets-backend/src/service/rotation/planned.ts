import {
  Alphabet,
  RANDOM,
  RotationRule,
} from '@highroad/plugin-secrets-common';
import { Generators } from './Generators';
import { checkSchedule, nextDue } from './schedule';

/**
 * What somebody asks for as a rule, and when by it a value is replaced first.
 *
 * @returns the time in ISO 8601, and whether the generator can have the value before go on working
 * @throws InputError that names the field which cannot be meant
 */
export function planned(
  asked: RotationRule & { length: number; alphabet: Alphabet },
  generators: Pick<Generators, 'get'>,
  at: Date,
): { rule: RotationRule; dueAt: string; overlaps: boolean } {
  const { everyDays, cron, timeZone, window } = asked;
  const { generator: name, length, alphabet, overlapHours } = asked;
  const generator = generators.get(name);
  const settings = name === RANDOM ? { length, alphabet } : asked.settings;
  const rule: RotationRule = {
    ...{ everyDays, cron, timeZone, window, generator: name, overlapHours },
    settings: generator.accept(settings),
  };
  const overlaps = generator.retire !== undefined;
  checkSchedule(rule, { from: at, overlaps });
  return { rule, dueAt: nextDue(rule, at).toISOString(), overlaps };
}
