/** An image's name, taken apart. */
export interface ImageName {
  /** Host and port, `docker.io` where none is written */
  registry: string;
  /** Path in the registry, such as `library/golang` */
  repository: string;
  tag: string;
}

/**
 * Reads an image's name as container tools do: without a registry it is Docker Hub's, without a path one of its
 * library, without a tag `latest`.
 *
 * @throws Error for what is not a name with a tag
 */
export function parseImageName(text: string): ImageName {
  const parsed =
    /^(?:([a-z0-9.-]+(?::\d+)?)\/)?([a-z0-9._/-]+?)(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@sha256:[0-9a-f]{64})?$/.exec(
      text,
    );
  if (!parsed) throw new Error(`"${text}" is not the name of an image`);
  const [, host, path, tag = 'latest'] = parsed;
  const isRegistry = host !== undefined && /[.:]|^localhost$/.test(host);
  const registry = isRegistry ? host : 'docker.io';
  const whole = isRegistry || host === undefined ? path : `${host}/${path}`;
  const repository =
    registry === 'docker.io' && !whole.includes('/')
      ? `library/${whole}`
      : whole;
  return { registry, repository, tag };
}

/** The name in full, as it can be given to every tool. */
export function fullName({ registry, repository, tag }: ImageName): string {
  return `${registry}/${repository}:${tag}`;
}

/** Whether a registry is on this machine, which is spoken to without encryption. */
export function isLoopback(registry: string): boolean {
  return /^(127(\.\d+){3}|localhost|\[::1\])(:\d+)?$/.test(registry);
}
