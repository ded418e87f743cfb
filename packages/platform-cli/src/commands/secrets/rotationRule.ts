import { InvalidArgumentError } from 'commander';

/** `02:00-04:00` */
export function readWindow(text: string): { from: string; to: string } {
  const [from, to] = text.split('-');
  const clock = /^([01]\d|2[0-3]):[0-5]\d$/;
  if (clock.test(from) && clock.test(to ?? '')) return { from, to };
  throw new InvalidArgumentError('Write it as 02:00-04:00.');
}

/** `server=main`, as often as it is given. */
export function readSettings(
  text: string,
  before: Record<string, string> = {},
): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as name=value.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
