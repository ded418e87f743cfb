import { DONE } from './done';

/**
 * How records name what happened, of what people write: `secrets.reveal`, in capitals or not, or the words that stand in
 * lists, such as "revealed a secret". What is neither stays as it is.
 */
export function eventNameOf(written: string): string {
  const small = written.trim().toLowerCase();
  const known = Object.entries(DONE).find(
    ([key, words]) => nameIn(key) === small || words.toLowerCase() === small,
  );
  return known ? nameIn(known[0]) : written;
}

/** Without what Backstage's own plugins say behind it. */
function nameIn(key: string): string {
  return key.split(' ')[0];
}
