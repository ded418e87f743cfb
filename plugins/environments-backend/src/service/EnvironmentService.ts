import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import {
  EnvironmentManifest,
  isOfRepository,
  ManifestProblem,
  parseManifest,
} from '@highroad/plugin-environments-common';
import { nearestNames } from '@highroad/plugin-platform-common';
import { waitFor } from '@highroad/plugin-platform-node';
import { ownerOf } from './describe';
import { driverProblems } from './driverProblems';
import {
  ApplyOutcome,
  EnvironmentResource,
  EnvironmentResources,
} from './EnvironmentResources';
import { extendedEnd, isKeptByManifest } from './lifetimeEnd';
import { PreviewSettings } from './PreviewSettings';
import { sizeProblem } from './sizeProblem';
import { wholeOwner } from './wholeOwner';

/** How long somebody waits for a change at most, in milliseconds. */
const WAIT_MS = 25_000;
/** Marks under this are the platform's own. */
const RESERVED = 'platform.myorg.com/';

/** What can be done with environments at the portal, the command and by programs. Rights are decided before. */
export class EnvironmentService {
  readonly #resources: EnvironmentResources;
  readonly #settings: PreviewSettings;
  readonly #drivers: string[];
  readonly #now: () => Date;

  /** @param options.drivers - names of those that make databases */
  constructor(options: {
    resources: EnvironmentResources;
    settings: PreviewSettings;
    drivers: string[];
    now: () => Date;
  }) {
    this.#drivers = options.drivers;
    this.#resources = options.resources;
    this.#settings = options.settings;
    this.#now = options.now;
  }

  /** @param filter - what they have to have, each where it is given */
  async list(filter: {
    owner?: string;
    service?: string;
    /** Addresses in repositories, of a pull request of one of which it is */
    repository?: string[];
  }): Promise<EnvironmentResource[]> {
    const { service, repository } = filter;
    const owner = filter.owner && wholeOwner(filter.owner);
    const all = await this.#resources.list();
    return all.filter(
      one =>
        (!owner || ownerOf(one) === owner) &&
        (!service || one.spec?.services.some(({ name }) => name === service)) &&
        (!repository || isOfOneOf(repository, one)),
    );
  }

  /** @throws NotFoundError that lists near names, ConflictError where several have the name */
  async get(name: string, home?: string): Promise<EnvironmentResource> {
    const all = await this.#resources.list();
    const found = all.filter(
      one => one.name === name && (!home || one.home === home),
    );
    if (found.length === 1) return found[0];
    if (found.length > 1) {
      throw new ConflictError(
        `There are environments "${name}" in ${found
          .map(one => one.home)
          .join(' and ')}. Say which namespace you mean.`,
      );
    }
    const near = nearestNames(
      name,
      all.map(one => one.name),
    );
    throw new NotFoundError(
      `There is no environment "${name}"${home ? ` in ${home}` : ''}.${
        near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : ''
      }`,
    );
  }

  /** Waits, for a while, until it is another than that. */
  async changed(
    name: string,
    home: string | undefined,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<EnvironmentResource> {
    const found = await this.get(name, home);
    if (!after || found.resourceVersion !== after) return found;
    await this.#untilOther(found, signal);
    return this.get(name, found.home);
  }

  /** All that is wrong with a manifest, for whoever types it. */
  problemsOf(manifest: string): ManifestProblem[] {
    const parsed = parseManifest(manifest);
    if (!parsed.ok) return parsed.problems;
    const { metadata, spec } = parsed.manifest;
    const problems: ManifestProblem[] = [];
    const { namespace } = metadata;
    if (namespace && namespace !== this.#resources.home) {
      problems.push({
        field: 'metadata.namespace',
        message: `leave it out, or apply it with kubectl: what is made here is kept in ${
          this.#resources.home
        }`,
      });
    }
    for (const field of ['labels', 'annotations'] as const) {
      for (const key of Object.keys(metadata[field] ?? {})) {
        if (!key.startsWith(RESERVED)) continue;
        problems.push({
          field: `metadata.${field}.${key}`,
          message: 'only the platform sets this; leave it out',
        });
      }
    }
    if (spec.pullRequest) {
      problems.push({
        field: 'spec.pullRequest',
        message:
          'the platform fills this in when a pull request is opened; leave it out',
      });
    }
    if (spec.cluster && spec.cluster !== this.#settings.cluster) {
      problems.push({
        field: 'spec.cluster',
        message: `environments are made in ${
          this.#settings.cluster ?? 'no cluster yet'
        }; leave it out`,
      });
    }
    const size = sizeProblem(spec, this.#settings);
    if (size) problems.push({ field: 'spec.services', message: size });
    return [...problems, ...driverProblems(spec, this.#drivers)];
  }

  /** @throws InputError that lists all that is wrong */
  read(text: string): EnvironmentManifest {
    const problems = this.problemsOf(text);
    const parsed = parseManifest(text);
    if (parsed.ok && problems.length === 0) return parsed.manifest;
    throw new InputError(
      `The manifest can't be used. ${problems
        .map(({ field, line, message }) =>
          [line && `line ${line}`, field, message].filter(Boolean).join(': '),
        )
        .join('; ')}. See docs/runbooks/environment-refused.md.`,
    );
  }

  /** @throws ConflictError where the name is another owner's */
  async create(
    manifest: EnvironmentManifest,
    owner: string,
    requestedBy: string,
  ): Promise<{ outcome: ApplyOutcome; resource: EnvironmentResource }> {
    return this.#resources.apply(manifest, {
      ...{ owner, requestedBy },
      lastActivityAt: this.#now(),
    });
  }

  /** @throws InputError for more than it may have, or one that has no end */
  async extend(
    resource: EnvironmentResource,
    by: string,
  ): Promise<EnvironmentResource> {
    const until = extendedEnd(resource, by, this.#settings, this.#now());
    return this.#resources.extend(resource, until);
  }

  keep(
    resource: EnvironmentResource,
    keep: boolean,
  ): Promise<EnvironmentResource> {
    if (!keep && isKeptByManifest(resource)) {
      throw new InputError(
        `The manifest of ${resource.name} says keep: true. Take it out there.`,
      );
    }
    return this.#resources.keep(resource, keep);
  }

  /** Ends early when nobody waits any more. */
  async #untilOther(
    { name, home, resourceVersion }: EnvironmentResource,
    signal: AbortSignal,
  ): Promise<void> {
    const other = new AbortController();
    const unlisten = this.#resources.onChange(change => {
      const key = change.type === 'gone' ? change.key : change.resource;
      const same =
        change.type === 'applied' &&
        change.resource.resourceVersion === resourceVersion;
      if (key.name === name && key.home === home && !same) other.abort();
    });
    await waitFor(WAIT_MS, AbortSignal.any([signal, other.signal]));
    unlisten();
  }

  async delete(resource: EnvironmentResource): Promise<void> {
    await this.#resources.delete(resource, resource.uid);
  }
}

function isOfOneOf(
  addresses: string[],
  { spec }: EnvironmentResource,
): boolean {
  const pullRequest = spec?.pullRequest;
  return (
    pullRequest !== undefined &&
    addresses.some(address => isOfRepository(pullRequest, address))
  );
}
