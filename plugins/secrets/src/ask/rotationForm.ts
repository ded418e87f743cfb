import {
  Alphabet,
  alphabets,
  askedRule,
  RANDOM,
  Rotation,
} from '@highroad/plugin-secrets-common';

const MOST_DAYS = 730;
const MOST_HOURS = 24 * 60;
const [SHORTEST, LONGEST] = [16, 512];

/** A rule as it is typed. */
export interface RotationForm {
  how: 'days' | 'cron';
  days: string;
  cron: string;
  timeZone: string;
  /** Only at some time of day */
  windowed: boolean;
  from: string;
  to: string;
  generator: string;
  length: string;
  alphabet: Alphabet;
  /** What a generator other than the random one needs to know: `name=value`, one a line */
  settings: string;
  /** Hours */
  overlap: string;
}

/** What is wrong, in words, by where it was typed; `rest` is about all of it. */
export type WrongRule = Partial<Record<keyof RotationForm | 'rest', string>>;

/** A rule that is already in force, or what most mean. */
export function formOf(rotation: Rotation | undefined): RotationForm {
  const rule = rotation && askedRule(rotation);
  const settings = rule && 'settings' in rule ? rule.settings : {};
  const { length = 32, alphabet = 'alphanumeric' } =
    rule && 'length' in rule ? rule : {};
  return {
    how: rule?.cron === undefined ? 'days' : 'cron',
    days: String(rule?.everyDays ?? 90),
    cron: rule?.cron ?? '',
    timeZone: rule?.timeZone ?? 'UTC',
    windowed: rule?.window !== undefined,
    from: rule?.window?.from ?? '02:00',
    to: rule?.window?.to ?? '04:00',
    generator: rule?.generator ?? RANDOM,
    length: String(length),
    alphabet,
    settings: Object.entries(settings)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
    overlap: String(rule?.overlapHours ?? 24),
  };
}

/** What is asked for, as far as it can be told here that it can be meant. The portal looks at the rest. */
export function ruleOf(form: RotationForm) {
  const wrong = wrongIn(form);
  if (Object.keys(wrong).length > 0) return { wrong };
  const { timeZone, generator } = form;
  return {
    wrong,
    rule: {
      ...(form.how === 'days'
        ? { everyDays: Number(form.days) }
        : { cron: form.cron.trim() }),
      ...{ timeZone: timeZone.trim(), generator },
      ...(form.how === 'days' &&
        form.windowed && { window: { from: form.from, to: form.to } }),
      ...(generator === RANDOM
        ? { length: Number(form.length), alphabet: form.alphabet }
        : { settings: settingsIn(form.settings) }),
      overlapHours: Number(form.overlap),
    },
  };
}

function wrongIn(form: RotationForm): WrongRule {
  const wrong: WrongRule = {};
  const { how, days, cron, timeZone, windowed, generator } = form;
  if (how === 'days' && !isWhole(days, 1, MOST_DAYS)) {
    wrong.days = `Write a number of days from 1 to ${MOST_DAYS}.`;
  }
  if (how === 'cron' && cron.trim().split(/\s+/).length !== 5) {
    wrong.cron =
      'Write five fields: minute, hour, day of month, month, day of week; such as 0 3 * * 0.';
  }
  if (!isZone(timeZone.trim())) {
    wrong.timeZone = 'Write a time zone such as Europe/Berlin.';
  }
  if (how === 'days' && windowed) {
    if (!isClock(form.from)) wrong.from = 'Write a time such as 02:00.';
    if (!isClock(form.to)) wrong.to = 'Write a time such as 04:00.';
    else if (form.from === form.to) {
      wrong.to = 'Another time than the first: this is no time at all.';
    }
  }
  if (generator === RANDOM) {
    if (!isWhole(form.length, SHORTEST, LONGEST)) {
      wrong.length = `Write a number from ${SHORTEST} to ${LONGEST}.`;
    }
  } else {
    if (settingsIn(form.settings) === undefined) {
      wrong.settings = 'Write name=value, one a line.';
    }
    const overlap = Number(form.overlap);
    if (!form.overlap.trim() || !(overlap >= 0 && overlap <= MOST_HOURS)) {
      wrong.overlap = `Write a number of hours from 0 to ${MOST_HOURS}.`;
    }
  }
  return wrong;
}

/** What the portal refuses, at the field that it is about: it begins with the field's name. */
export function wrongFrom(message: string): WrongRule {
  const fields: Record<string, keyof RotationForm> = {
    ...{ everyDays: 'days', cron: 'cron', timeZone: 'timeZone' },
    ...{ window: 'to', overlapHours: 'overlap', generator: 'generator' },
    ...{ length: 'length', alphabet: 'alphabet', settings: 'settings' },
  };
  const [, name, words] = /^([A-Za-z]+)(?:\.\w+)*: ([^]*)$/.exec(message) ?? [];
  const field = name && fields[name];
  return field ? { [field]: words } : { rest: message };
}

/** Characters that values can be made of, by name. */
export const ALPHABETS: Array<[Alphabet, string]> = [
  ['alphanumeric', 'letters and digits'],
  ['hex', `hexadecimal digits (${alphabets.hex})`],
  ['url-safe', 'letters, digits, "-" and "_"'],
];

function isWhole(text: string, least: number, most: number): boolean {
  const value = Number(text);
  return Number.isInteger(value) && value >= least && value <= most;
}

function isClock(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}

function isZone(name: string): boolean {
  try {
    return Boolean(name && new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** @returns nothing where a line is none */
function settingsIn(text: string): Record<string, string> | undefined {
  const lines = text.split('\n').filter(line => line.trim());
  const pairs = lines.map(line => /^\s*([^=\s]+)\s*=(.*)$/.exec(line));
  return pairs.every(pair => pair !== null)
    ? Object.fromEntries(
        pairs.flatMap(pair => (pair ? [[pair[1], pair[2].trim()]] : [])),
      )
    : undefined;
}
