import { CommandError } from '../machine/run';
import { Mount } from './machineSettings';

export interface ImageBuild {
  /** Folder that is sent to the build */
  context: string;
  /** Path of the Dockerfile */
  dockerfile: string;
  /** Images that the Dockerfile begins with */
  bases: string[];
  /** Full names that the image gets */
  names: string[];
  buildArgs?: Record<string, string>;
  labels?: Record<string, string>;
}

/** The build itself failed, not what was needed for it. */
export class ImageBuildError extends Error {
  constructor(readonly failure: CommandError) {
    super(`The image could not be built: ${said(failure)}`);
    this.name = 'ImageBuildError';
  }

  /** Ends a promise of a command with this error where the command failed. */
  static from(error: unknown): never {
    throw error instanceof CommandError ? new ImageBuildError(error) : error;
  }
}

/** The line in which the tool itself says what is wrong, among what the build printed. */
function said({ output, message }: CommandError): string {
  const line = output
    .split('\n')
    .findLast(one => /^(error|failed)/i.test(one.trim()));
  return line?.trim().replace(/^error:\s*/i, '') ?? message;
}

/** A command to be run in a container that is thrown away afterwards. */
export interface ContainerRun {
  image: string;
  command: string[];
  workdir: string;
  /** Folders of this machine that it can write to: path here → path inside */
  folders: Record<string, string>;
  env: Record<string, string>;
  /** Images whose language's package registries it asks; see machineSettings */
  bases: string[];
}

export interface Watching {
  /** Each line that is printed, as it comes */
  onLine?: (line: string) => void;
  signal?: AbortSignal;
}

export interface BaseMaker {
  /**
   * @returns its full name and the path of an OCI layout in a tar
   * @throws Error for an image that has no recipe
   */
  make(
    name: string,
    watching?: Watching,
  ): Promise<{ name: string; archive: string }>;
  /** Pushes one that has been made under another name. */
  push(name: string, to: string, watching?: Watching): Promise<void>;
}

/** Builds images, pushes them, and runs commands in them. */
export interface Engine {
  /** What it is, for messages */
  readonly name: string;
  /** Makes the images that recipes exist for; absent where they are pulled */
  readonly bases: BaseMaker | undefined;
  /** @throws ImageBuildError when the Dockerfile cannot be built */
  build(build: ImageBuild, watching?: Watching): Promise<void>;
  /** @returns the digest under which the registry has it, such as `sha256:…` */
  push(name: string, watching?: Watching): Promise<string>;
  /** @throws CommandError when the command ends with anything but 0 */
  runIn(run: ContainerRun, watching?: Watching): Promise<void>;
  /** Throws away what earlier builds left to make later ones quick, where it has grown too large. */
  tidy(watching?: Watching): Promise<void>;
}

/** As options of a command line. */
export function mountOptions(mounts: Mount[]): string[] {
  return mounts.map(({ from, to }) => `--volume=${from}:${to}:ro`);
}

export function pairs(
  option: string,
  values: Record<string, string> = {},
): string[] {
  return Object.entries(values).map(
    ([key, value]) => `${option}=${key}=${value}`,
  );
}
