/** Names of keys in the order of the alphabet. */
export function keysNamed(count: number, length = 8): string[] {
  return Array.from({ length: count }, (_, at) =>
    `KEY_${String(at).padStart(4, '0')}`.padEnd(length, '_X'),
  );
}
