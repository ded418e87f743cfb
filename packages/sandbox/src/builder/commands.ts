import { Command } from 'commander';
import { readConnection } from '../connection/settle';
import { buildFolder } from '../images/buildCommand';
import { prepareBaseImages } from '../images/prepareBaseImages';
import { cacheFolder, SandboxPaths } from '../machine/paths';
import { runBuilder } from './runBuilder';

/** `sandbox build`, `sandbox images` and `sandbox builder`. */
export function addBuildCommands(
  program: Command,
  say: (text: string) => void,
): void {
  program
    .command('build')
    .description('build the image of a service in a folder')
    .argument('<folder>')
    .requiredOption('--name <image>', 'full name of the image, without a tag')
    .option('--tag <tag>', 'the commit by default')
    .option('--file <dockerfile>')
    .option('--push', 'push it to the registry in its name', false)
    .action(
      async (
        folder: string,
        options: { name: string; tag?: string; file?: string; push: boolean },
      ) => {
        const { names, digest } = await buildFolder({
          folder,
          name: options.name,
          tag: options.tag,
          dockerfile: options.file,
          push: options.push,
          cache: cacheFolder(),
          onLine: say,
        });
        for (const name of names) say(digest ? `${name}@${digest}` : name);
      },
    );
  program
    .command('images')
    .description('make images that others begin with, and keep them')
    .argument('<names...>')
    .option('--state <folder>', 'push them to the registry of this sandbox')
    .action(async (names: string[], options: { state?: string }) => {
      const connection =
        options.state === undefined
          ? undefined
          : await readConnection(new SandboxPaths(options.state));
      await prepareBaseImages(names, {
        cache: cacheFolder(),
        registry: connection?.registry.host,
        onLine: say,
      });
    });
  program
    .command('builder')
    .description('build what is pushed to the Gitea of a sandbox')
    .requiredOption('--state <folder>')
    .requiredOption('--portal <address>', 'where logs can be seen')
    .action(async (options: { state: string; portal: string }) => {
      await runBuilder({
        paths: new SandboxPaths(options.state),
        portal: options.portal.replace(/\/$/, ''),
      });
    });
}
