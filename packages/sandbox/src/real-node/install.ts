import { run } from '../machine/run';
import { updatePackageLists } from '../upstream/debianPackages';

/**
 * Installs Debian packages on the machine, without asking anything.
 *
 * @throws Error where that is not Debian or not root's to do
 */
export async function installPackages(packages: string[]): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new Error(
      `Only root can install packages. As root: apt-get install ${packages.join(
        ' ',
      )}`,
    );
  }
  const install = () =>
    run(
      'apt-get',
      ['install', '--yes', '--quiet', '--no-install-recommends', ...packages],
      { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } },
    );
  // The lists may be missing, or name a version that has been replaced since.
  await install().catch(async () => {
    await updatePackageLists();
    await install();
  });
}
