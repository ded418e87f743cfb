/** Beginnings of sources that this platform speaks for itself. */
const OWN_SOURCES = ['/plugins/', '/pagerduty'];

/** Whether this platform tells of something itself: whoever may tell of one service does not speak in its name. */
export function isOwnSource(source: string): boolean {
  return OWN_SOURCES.some(own => source.startsWith(own));
}
