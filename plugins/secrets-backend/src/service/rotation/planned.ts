import {
  Alphabet,
  RANDOM,
  RotationRule,
} from '@highroad/plugin-secrets-common';
import { Generators } from './Generators';
import { endOf } from '../../database/RotationStore';
import { checkSchedule, dueAfter } from './schedule';

/**
 * What somebody asks for as a rule, and when by it a value is replaced first.
 *
 * @param standing - of the rule before, whose value before the last may work yet
 * @returns the time in ISO 8601, also where the value before works until some other, and whether the generator can have that
 * go on working at all
 * @throws InputError that names the field which cannot be meant
 */
export function planned(
  asked: RotationRule & { length: number; alphabet: Alphabet },
  generators: Pick<Generators, 'get'>,
  at: Date,
  standing: { lastAt?: string; retiresAt?: string } = {},
): {
  rule: RotationRule;
  dueAt: string;
  dueAfter: (endsAt: string) => string;
  overlaps: boolean;
} {
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
  const due = (endsAt?: string) =>
    dueAfter(rule, at, endsAt ? new Date(endsAt) : undefined).toISOString();
  return { rule, dueAt: due(endOf(standing, rule)), dueAfter: due, overlaps };
}
