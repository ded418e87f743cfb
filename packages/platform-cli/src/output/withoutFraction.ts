/** An ISO 8601 time to the second, as people read it. */
export function withoutFraction(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}
