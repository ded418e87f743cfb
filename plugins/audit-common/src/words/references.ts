import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';

const TOKEN = 'token:';
/** What subjects of programs begin with; after that, case matters. */
const PROGRAM = /^(plugin|external):/;

/**
 * How records name a service, of what people write: `cart` for one in the default namespace, `team-a/cart`, or a whole
 * reference, in capitals or not. What can be no reference stays as it is: no record has it.
 */
export function serviceRefOf(written: string): string {
  return wholeRef(written, 'component');
}

/**
 * How records name who did something, of what is written: a person, `plugin:catalog`, or `token:ci-cart`, which records
 * name by its subject alone. What it makes stays the same if it is given to it again for a `program`.
 *
 * @param bare - what a name alone means: people mean a person, programs the subject of a token, which the records say
 */
export function actorRefOf(
  written: string,
  bare: 'person' | 'program',
): string {
  if (written.startsWith(TOKEN)) return written.slice(TOKEN.length);
  const isProgram = bare === 'program' && !written.includes(':');
  return isProgram || PROGRAM.test(written)
    ? written
    : wholeRef(written, 'user');
}

function wholeRef(written: string, defaultKind: string): string {
  try {
    const context = { defaultKind, defaultNamespace: 'default' };
    return stringifyEntityRef(parseEntityRef(written, context));
  } catch {
    return written;
  }
}
