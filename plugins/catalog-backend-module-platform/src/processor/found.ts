const LIMIT = 120;

/**
 * Makes any value fit to be shown as what was found: on one line, short, and
 * without characters that could hide or reorder text.
 */
export function shownValue(value: unknown): string {
  const text = typeof value === 'string' ? value : describe(value);
  const visible = text
    .slice(0, LIMIT * 4)
    // Control and format characters, which include those that turn text around; lone surrogates.
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  const points = Array.from(visible);
  return points.length > LIMIT
    ? `${points.slice(0, LIMIT - 1).join('')}…`
    : points.join('');
}

function describe(value: unknown): string {
  if (value === null || value === undefined) {
    return '(nothing)';
  }
  if (Array.isArray(value)) {
    return `(a list of ${value.length})`;
  }
  if (typeof value === 'object') {
    return '(a mapping)';
  }
  return String(value);
}
