import { run } from '../machine/run';
import { Engine, ImageBuildError, pairs } from './Engine';
import { isLoopback, parseImageName } from './imageName';

/** Variables that every build may see without asking for them. https://docs.docker.com/reference/dockerfile/#predefined-args */
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];

/** Builds with the docker or podman that a machine has; images that a Dockerfile begins with are pulled as usual. */
export function dockerEngine(command: 'docker' | 'podman'): Engine {
  return {
    name: command,
    bases: undefined,
    async build(build, { onLine, signal } = {}) {
      await run(
        command,
        [
          'build',
          ...proxies().flatMap(name => ['--build-arg', name]),
          ...pairs('--build-arg', build.buildArgs),
          ...pairs('--label', build.labels),
          ...build.names.map(name => `--tag=${name}`),
          `--file=${build.dockerfile}`,
          build.context,
        ],
        { onLine, signal },
      ).catch(ImageBuildError.from);
    },
    async push(name, { onLine, signal } = {}) {
      const insecure =
        command === 'podman' && isLoopback(parseImageName(name).registry)
          ? ['--tls-verify=false']
          : [];
      await run(command, ['push', ...insecure, name], { onLine, signal });
      const { registry, repository } = parseImageName(name);
      const digests = await run(command, [
        'image',
        'inspect',
        '--format',
        '{{range .RepoDigests}}{{println .}}{{end}}',
        name,
      ]);
      const digest = digests
        .split('\n')
        .map(line => line.trim().split('@'))
        .find(
          ([at]) =>
            at === `${registry}/${repository}` ||
            at === repository ||
            `library/${at}` === repository,
        )?.[1];
      if (!digest)
        throw new Error(
          `${command} pushed ${name} and does not say its digest`,
        );
      return digest;
    },
    // Its storage is its owner's, who has other things in it.
    tidy: async () => {},
    async runIn(container, { onLine, signal } = {}) {
      await run(
        command,
        [
          'run',
          '--rm',
          '--network=host',
          ...Object.entries(container.folders).map(
            ([here, inside]) => `--volume=${here}:${inside}`,
          ),
          ...proxies().flatMap(name => ['--env', name]),
          ...pairs('--env', container.env),
          `--workdir=${container.workdir}`,
          container.image,
          ...container.command,
        ],
        { onLine, signal },
      );
    },
  };
}

function proxies(): string[] {
  return PROXIES.flatMap(name => [name, name.toLowerCase()]).filter(
    name => process.env[name],
  );
}
