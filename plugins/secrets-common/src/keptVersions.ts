import { SecretVersion } from './secret';

/**
 * Says that Vault keeps the newest versions only, and which are gone for that.
 *
 * @param items - all versions of a key that there are
 * @param keeps - how many Vault keeps, where that is known
 * @returns nothing where all are there, and it is not known that they will not be for ever
 */
export function keptVersions(
  items: SecretVersion[],
  keeps: number | undefined,
): string | undefined {
  if (items.length === 0) return undefined;
  const oldest = Math.min(...items.map(({ version }) => version));
  if (oldest > 1) {
    return `Vault keeps the newest ${
      keeps ?? items.length
    } only: what was before version ${oldest} is gone.`;
  }
  return keeps === undefined
    ? undefined
    : `Vault keeps the newest ${keeps} only.`;
}
