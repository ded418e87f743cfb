const WRITTEN =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?)?$/i;

/**
 * A time as people write it into an address, in UTC: a date alone is its beginning, and what names no zone is in UTC, so
 * that an address means the same to everybody.
 *
 * @returns ISO 8601; nothing for what is no time
 */
export function utcTime(written: string): string | undefined {
  const [, day, time = '00:00', zone = 'Z'] =
    WRITTEN.exec(written.trim()) ?? [];
  if (!day) return undefined;
  const offset = zone.toUpperCase().replace(/(\d\d):?(\d\d)$/, '$1:$2');
  const at = new Date(`${day}T${time}${offset}`);
  const begin = new Date(`${day}T00:00Z`);
  if (Number.isNaN(at.getTime()) || Number.isNaN(begin.getTime())) {
    return undefined;
  }
  // The 31st of a short month would be taken for the first of the next.
  const isDay = begin.toISOString().startsWith(day);
  const utc = at.toISOString();
  // Beyond the year 9999 there are more digits, which nobody reads.
  return isDay && /^\d{4}-/.test(utc) ? utc : undefined;
}
