import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { whileLocked } from '../machine/lock';
import { identify } from '../machine/processes';
import { run } from '../machine/run';

export interface BuildahOptions {
  /** Path of the program */
  binary: string;
  /** Folder of libraries that the machine does not have; absent for an installed one */
  libraries?: string;
  /** Folder for its images and settings: never those of the user */
  home: string;
}

export interface BuildahRun {
  onLine?: (line: string) => void;
  signal?: AbortSignal;
}

/** The commands that read signatures; without a policy they refuse, with one the others do. */
const TAKES_POLICY = ['build', 'from', 'pull', 'push'];

/**
 * Buildah with a storage of its own. As root it works in mount and process namespaces that end with it, so that a
 * build that is killed, or whose caller is, leaves no process and no mount.
 */
export class Buildah {
  readonly #options: BuildahOptions;
  readonly #asRoot = process.getuid?.() === 0;
  #driver: 'overlay' | 'vfs' | undefined;

  constructor(options: BuildahOptions) {
    this.#options = options;
  }

  /** Folder of its images and settings */
  get home(): string {
    return this.#options.home;
  }

  /**
   * Does something with the storage to itself: others on this machine, also of other checkouts, wait.
   *
   * @param work.waiting - called once if somebody else has the storage
   */
  async exclusively<T>(
    work: () => Promise<T>,
    options: { waiting?: () => void; signal?: AbortSignal } = {},
  ): Promise<T> {
    const { home } = this.#options;
    await mkdir(home, { recursive: true, mode: 0o700 });
    for (let attempts = 0; ; attempts += 1) {
      options.signal?.throwIfAborted();
      try {
        return await whileLocked(
          home,
          {
            lockfilePath: `${home}.lock`,
            stale: 20_000,
            lost: `${home} was removed while images were being built there.`,
          },
          async () => {
            await this.#setUp();
            return work();
          },
        );
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      }
      if (attempts === 0) options.waiting?.();
      await new Promise(resolve => setTimeout(resolve, 500));
    }
  }

  async #setUp() {
    const { libraries } = this.#options;
    await this.#settings(this.#driver ?? 'overlay');
    if (libraries) await this.#libraryCache(libraries);
    if (!this.#driver) {
      // On top of an overlay, as in a container, another one cannot be mounted.
      this.#driver = await this.run(['info']).then(
        () => 'overlay' as const,
        () => 'vfs' as const,
      );
      if (this.#driver === 'vfs') {
        await this.#settings('vfs');
        await this.run(['info']);
      }
    }
    await this.#removeAbandoned();
  }

  /** What killed builds left: nobody else builds now, but commands may run in containers. */
  async #removeAbandoned() {
    const { home } = this.#options;
    for (const name of await readdir(join(home, 'run')).catch(() => [])) {
      if (!isOfRunning(name))
        await rm(join(home, 'run', name), { recursive: true, force: true });
    }
    for (const name of await this.#containers()) {
      if (!isOfRunning(name)) await this.run(['rm', name]);
    }
  }

  async #containers(): Promise<string[]> {
    const text = await this.run([
      'containers',
      '--noheading',
      '--format',
      '{{.ContainerName}}',
    ]);
    return text.split('\n').filter(Boolean);
  }

  /** Lends a folder for files, which goes away afterwards, also when this process is killed. */
  async withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const folder = join(this.#options.home, 'run', ownName());
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      return await work(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** A name for a container that is left alone while this process runs. */
  containerName(): string {
    return ownName();
  }

  async #settings(driver: 'overlay' | 'vfs') {
    const { home } = this.#options;
    const files: Record<string, string> = {
      'storage.conf': `[storage]\ndriver = "${driver}"\ngraphroot = "${join(
        home,
        driver,
      )}"\nrunroot = "${join(home, 'run')}"\n`,
      'containers.conf': '[containers]\n[engine]\n',
      'registries.conf': 'unqualified-search-registries = ["docker.io"]\n',
      'policy.json': '{"default":[{"type":"insecureAcceptAnything"}]}\n',
    };
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(home, name), text);
    }
  }

  /** An index of libraries with the ones that came with the program; only its own mount namespace sees it. */
  async #libraryCache(libraries: string) {
    const { home } = this.#options;
    const list = join(home, 'libraries.conf');
    await writeFile(list, `include /etc/ld.so.conf\n${libraries}\n`);
    await run('/sbin/ldconfig', [
      '-X',
      '-C',
      join(home, 'libraries.cache'),
      '-f',
      list,
    ]);
  }

  /**
   * Runs one command of buildah: inside {@link exclusively}, unless it is one in a container that is there already.
   *
   * @returns what it printed on stdout
   * @throws CommandError with its last words
   */
  async run(args: string[], options: BuildahRun = {}): Promise<string> {
    const { home, binary, libraries } = this.#options;
    const [name, ...others] = args;
    // Mounts are known to one mount namespace alone, and so is what is written down about them.
    const mounts = join(home, 'run', ownName());
    const command = [
      binary,
      `--runroot=${mounts}`,
      name,
      ...(TAKES_POLICY.includes(name)
        ? ['--signature-policy', join(home, 'policy.json')]
        : []),
      ...others,
    ];
    const [first, ...rest] = this.#asRoot
      ? [...alone(libraries && join(home, 'libraries.cache')), ...command]
      : command;
    return run(first, rest, {
      cwd: '/',
      env: {
        ...process.env,
        CONTAINERS_STORAGE_CONF: join(home, 'storage.conf'),
        CONTAINERS_CONF: join(home, 'containers.conf'),
        CONTAINERS_REGISTRIES_CONF: join(home, 'registries.conf'),
      },
      onLine: options.onLine,
      signal: options.signal,
      killSignal: 'SIGKILL',
    }).finally(() => rm(mounts, { recursive: true, force: true }));
  }

  /** @returns undefined when the storage has no such image */
  async label(image: string, label: string): Promise<string | undefined> {
    const text = await this.run([
      'inspect',
      '--type',
      'image',
      '--format',
      `{{index .OCIv1.Config.Labels "${label}"}}`,
      image,
    ]).catch(() => '');
    return text.trim() || undefined;
  }

  /** Throws the whole storage away, unless somebody uses it; images are loaded from their archives again. */
  async clear(): Promise<void> {
    if ((await this.#containers()).length > 0) return;
    const { home } = this.#options;
    for (const driver of ['overlay', 'vfs'])
      await rm(join(home, driver), { recursive: true, force: true });
  }
}

/** Says which process it belongs to. */
function ownName(): string {
  return `of-${process.pid}-${randomBytes(5).toString('hex')}`;
}

function isOfRunning(name: string): boolean {
  const pid = /^of-(\d+)-/.exec(name)?.[1];
  return pid !== undefined && identify(Number(pid)) !== undefined;
}

/** A command line that puts the one behind it into namespaces of its own, which end with whoever started it. */
function alone(libraryCache: string | undefined): string[] {
  return [
    'setpriv',
    '--pdeathsig',
    'KILL',
    'unshare',
    '--mount',
    '--pid',
    '--fork',
    '--mount-proc',
    '--kill-child',
    ...(libraryCache
      ? [
          'sh',
          '-c',
          'cache=$1; shift; mount --bind "$cache" /etc/ld.so.cache && exec "$@"',
          'sh',
          libraryCache,
        ]
      : []),
  ];
}
