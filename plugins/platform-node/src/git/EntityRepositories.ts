import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  ANNOTATION_SOURCE_LOCATION,
  Entity,
  parseLocationRef,
} from '@backstage/catalog-model';
import { Config } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import {
  parseRepositoryUrl,
  repositoryPagePath,
} from '@highroad/plugin-local-repositories-common';
import { LocalRepositories } from '@highroad/plugin-local-repositories-node';

/**
 * What every part of an address has to be made of. Whoever registers a file chooses its address, and those who read files take
 * one apart by other rules than browsers do: what is escaped, doubled or relative may name another repository to them than to us.
 */
const PLAIN = /^(?!\.+$|-$)[A-Za-z0-9_.-]{1,100}$/;
/**
 * What anybody can have a Git host show of a repository without writing to it: a commit's name (whole or its beginning, alone or
 * after the tag that it comes after), and the beginning of a pull request's ref.
 */
const NO_BRANCH = /^(?:(?:.*-g)?[a-f0-9]{4,64}|refs|pull)$/i;

/**
 * In which repository what the catalog has is. The platform reads it with its own token on behalf of the owner, so that the
 * author of a file must not be able to name another's.
 */
export class EntityRepositories {
  readonly #integrations: ScmIntegrations;
  readonly #local: boolean;
  readonly #portalUrl: string;

  static fromConfig(config: Config): EntityRepositories {
    return new EntityRepositories(config);
  }

  private constructor(config: Config) {
    this.#integrations = ScmIntegrations.fromConfig(config);
    this.#local = LocalRepositories.fromConfig(config) !== undefined;
    this.#portalUrl = (config.getOptionalString('app.baseUrl') ?? '').replace(
      /\/$/,
      '',
    );
  }

  /**
   * The repository that the entity's file was read from, at a branch, which the catalog itself notes down: a Git host also shows at
   * a commit's address what others pushed to their forks. What the file says of its source counts only where whoever runs the
   * platform wrote the file's place into the configuration.
   *
   * @returns address of its page; undefined where it is not known, or at no Git host that is connected
   */
  repositoryOf({ metadata: { annotations = {} } }: Entity): string | undefined {
    const readFrom = locationIn(annotations[ANNOTATION_LOCATION]);
    if (readFrom?.type === 'url') return this.#repositoryAt(readFrom.target);
    const origin = locationIn(annotations[ANNOTATION_ORIGIN_LOCATION]);
    if (origin?.type === 'url') return undefined;
    const says = locationIn(annotations[ANNOTATION_SOURCE_LOCATION]);
    return says?.type === 'url' ? says.target : undefined;
  }

  #repositoryAt(file: string): string | undefined {
    if (this.#local && file.startsWith(`${this.#portalUrl}/repositories/`)) {
      return this.#localRepositoryAt(file);
    }
    if (!URL.canParse(file)) return undefined;
    const gitea = this.#integrations.gitea.byUrl(file)?.config;
    if (gitea) {
      const { baseUrl = `https://${gitea.host}` } = gitea;
      return repositoryIn(file, baseUrl.replace(/\/$/, ''), [
        ['src', 'branch'],
      ]);
    }
    const github = this.#integrations.github.byUrl(file)?.config;
    if (!github) return undefined;
    return repositoryIn(file, `https://${github.host}`, [
      ...[['blob'], ['tree'], ['raw']],
    ]);
  }

  #localRepositoryAt(file: string): string | undefined {
    try {
      const found = parseRepositoryUrl(file, this.#portalUrl);
      if (!found || NO_BRANCH.test(found.ref)) return undefined;
      return `${this.#portalUrl}${repositoryPagePath(found)}`;
    } catch {
      // No file can be read from an address that names no repository.
      return undefined;
    }
  }
}

/** @param kinds - what may stand between a repository and a branch */
function repositoryIn(
  file: string,
  base: string,
  kinds: string[][],
): string | undefined {
  if (!file.startsWith(`${base}/`)) return undefined;
  const parts = file.slice(base.length + 1).split('/');
  if (!parts.every(part => PLAIN.test(part))) return undefined;
  const [owner, name, ...inside] = parts;
  const kind = kinds.find(one => one.every((part, at) => inside[at] === part));
  const [branch, ...path] = kind ? inside.slice(kind.length) : [];
  if (!branch || path.length === 0 || NO_BRANCH.test(branch)) return undefined;
  return `${base}/${owner}/${name}`;
}

function locationIn(
  location: string | undefined,
): { type: string; target: string } | undefined {
  if (!location) return undefined;
  try {
    return parseLocationRef(location);
  } catch {
    // What is no location says no place.
    return undefined;
  }
}
