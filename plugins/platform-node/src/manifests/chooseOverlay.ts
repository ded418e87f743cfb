import { InputError, NotFoundError } from '@backstage/errors';
import { posix } from 'node:path';
import { kustomizationIn } from './collectFiles';
import { CommitTree } from './CommitTree';

const NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9._-]{0,62}[a-zA-Z0-9])?$/;

/**
 * The overlay of an environment; where the repository has none, that of its tier.
 *
 * @param folder - where the manifests are, such as `deploy`
 * @returns path of the overlay
 * @throws NotFoundError that names the overlays that there are
 */
export async function chooseOverlay(
  tree: CommitTree,
  options: { folder: string; environment: string; tier: string },
): Promise<string> {
  const { folder, environment, tier } = options;
  const overlays = posix.join(folder, 'overlays');
  const wanted = [...new Set([environment, tier])];
  for (const name of wanted) {
    if (!NAME.test(name)) {
      throw new InputError(`"${name}" is not the name of an environment.`);
    }
    const path = posix.join(overlays, name);
    if (await kustomizationIn(tree, path)) return path;
  }
  const present = tree.foldersIn(overlays);
  throw new NotFoundError(
    `There is no overlay for ${environment}: neither ${wanted
      .map(name => `${overlays}/${name}`)
      .join(' nor ')} has a kustomization.yaml at this commit. ${
      present.length > 0
        ? `There are: ${present.slice(0, 20).join(', ')}.`
        : `There is no folder in ${overlays}.`
    } Add one, and build the version again.`,
  );
}
