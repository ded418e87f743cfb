import { createHash } from 'node:crypto';

/** Longest part of a host name between two dots. */
const LABEL_LENGTH = 63;
const HASH_LENGTH = 24;

/**
 * Where a service of an environment answers. No two services have the same address, whatever they and their environments
 * are called: who could choose names that come to another's address could take its requests.
 *
 * Both names may hold hyphens, so that `api` in `x-y` and `api-x` in `y` would be one. Where the first of two names in one
 * part of the host holds any, the number of its words is written before it: `api-x-y`, but `2-api-x-y`. A name begins with
 * a letter, so it is never taken for such a number.
 *
 * @param pattern - with `{service}` and `{environment}`, such as `{service}-{environment}.previews.example.com`
 */
export function hostOf(pattern: string, service: string, slug: string): string {
  return pattern
    .split('.')
    .map(part => {
      const both = /\{(?:service|environment)\}.*\{(?:service|environment)\}/;
      let first = both.test(part);
      return shortened(
        part.replace(/\{(service|environment)\}/g, (_, which: string) => {
          const name = which === 'service' ? service : slug;
          const written = first ? counted(name) : name;
          first = false;
          return written;
        }),
      );
    })
    .join('.');
}

function counted(name: string): string {
  const words = name.split('-').length;
  return words > 1 ? `${words}-${name}` : name;
}

/** No number of words is 0, so that what is shortened is never taken for what is not. */
function shortened(label: string): string {
  if (label.length <= LABEL_LENGTH) return label;
  const hash = createHash('sha256')
    .update(label)
    .digest('hex')
    .slice(0, HASH_LENGTH);
  const room = LABEL_LENGTH - HASH_LENGTH - '0--'.length;
  return `0-${label.slice(0, room).replace(/-+$/, '')}-${hash}`;
}
