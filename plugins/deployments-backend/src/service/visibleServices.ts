import { Call } from '@highroad/plugin-platform-node';

/**
 * The services that a list is about: those asked for, as far as they may be seen.
 *
 * @param asked - all if left out
 * @param all - gives those that there are
 * @returns `undefined` for all
 */
export async function visibleServices(
  { visible }: Pick<Call, 'visible'>,
  asked: string[] | undefined,
  all: () => Promise<string[]>,
): Promise<string[] | undefined> {
  return (await visible(async () => asked ?? all())) ?? asked;
}
