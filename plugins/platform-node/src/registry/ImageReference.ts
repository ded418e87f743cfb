import { InputError } from '@backstage/errors';

const DOCKER_HUB = 'docker.io';
/** Names by which Docker Hub is known, besides its own. */
const DOCKER_HUB_ALIASES = ['index.docker.io', 'registry-1.docker.io'];

// https://github.com/distribution/reference/blob/main/regexp.go
const HOST =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::\d{1,5})?$/;
const IPV6_HOST = /^\[[a-fA-F0-9:]+\](?::\d{1,5})?$/;
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[a-f0-9]{64}$/;
const LONGEST = 512;

/** An image as it is written in a manifest, with what is left out there filled in. */
export interface ImageReference {
  /** Host of the registry, with its port; `docker.io` for Docker Hub */
  registry: string;
  /** Path in the registry, such as `library/nginx` */
  repository: string;
  tag?: string;
  /** `sha256:…` */
  digest?: string;
}

/**
 * Reads `nginx`, `acme/cart:1.2.3`, `ghcr.io/acme/cart@sha256:…` or `localhost:5000/cart:1.2.3`. What is not named is
 * not invented: an image without a tag has none.
 *
 * @throws InputError that says which part is wrong
 */
export function parseImageReference(text: string): ImageReference {
  const wrong = (what: string) =>
    new InputError(
      `"${text.slice(
        0,
        200,
      )}" is not the name of an image: ${what}. Write host/path:tag, such as ghcr.io/acme/cart:1.2.3.`,
    );
  if (text.length > LONGEST) throw wrong('it is too long');

  const [beforeDigest, digest, ...more] = text.split('@');
  if (more.length > 0) throw wrong('it holds two digests');
  if (digest !== undefined && !DIGEST.test(digest))
    throw wrong('its digest is not sha256: and 64 hexadecimal digits');

  const { host, path } = splitHost(beforeDigest);
  const colon = path.indexOf(':');
  const name = colon < 0 ? path : path.slice(0, colon);
  const tag = colon < 0 ? undefined : path.slice(colon + 1);
  if (tag !== undefined && !TAG.test(tag)) throw wrong('its tag is not one');
  if (host && !HOST.test(host) && !IPV6_HOST.test(host))
    throw wrong('its registry is not a host');
  if (!isRepository(name))
    throw wrong('its path has to be lower-case words with "/" between them');

  const registry = registryHost(host ?? DOCKER_HUB);
  const isOfficial = registry === DOCKER_HUB && !name.includes('/');
  return {
    registry,
    repository: isOfficial ? `library/${name}` : name,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

/** The image without tag and digest, written in full. */
export function imageName({
  registry,
  repository,
}: Pick<ImageReference, 'registry' | 'repository'>): string {
  return `${registry}/${repository}`;
}

/** As it is written in a manifest. */
export function formatImageReference(image: ImageReference): string {
  const tag = image.tag === undefined ? '' : `:${image.tag}`;
  const digest = image.digest === undefined ? '' : `@${image.digest}`;
  return `${imageName(image)}${tag}${digest}`;
}

/** One name for each registry, whichever it is called by. */
export function registryHost(host: string): string {
  const lower = host.toLowerCase();
  return DOCKER_HUB_ALIASES.includes(lower) ? DOCKER_HUB : lower;
}

/** The host that answers for a registry; only Docker Hub's is another than its name. */
export function apiHost(registry: string): string {
  return registry === DOCKER_HUB ? 'registry-1.docker.io' : registry;
}

function isRepository(name: string): boolean {
  return (
    name.length <= 255 && name.split('/').every(part => COMPONENT.test(part))
  );
}

/** The first part is a host when it could be no folder: it has a dot or a port, is upper-case, or is localhost. */
function splitHost(name: string): { host?: string; path: string } {
  const slash = name.indexOf('/');
  if (slash < 0) return { path: name };
  const first = name.slice(0, slash);
  const isHost =
    /[.:[]/.test(first) ||
    first === 'localhost' ||
    first !== first.toLowerCase();
  return isHost ? { host: first, path: name.slice(slash + 1) } : { path: name };
}
