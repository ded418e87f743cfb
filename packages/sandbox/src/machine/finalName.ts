import { rename } from 'node:fs/promises';

/**
 * Gives a folder that is whole its final name. Of several that come at once the first has it.
 *
 * @returns whether it was this one; otherwise what is there now came from another, and this one is still where it was
 */
export async function takeFinalName(
  folder: string,
  name: string,
): Promise<boolean> {
  try {
    await rename(folder, name);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}
