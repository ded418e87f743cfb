import {
  CommitDifference,
  Deployment,
  ManifestDifference,
  Preview,
} from '@highroad/plugin-deployments-common';
import { ManifestStore } from '../database/ManifestStore';
import { Place, ReadStore } from '../database/ReadStore';
import { CheckOptions, Checks } from '../service/Checks';
import {
  Environments,
  EnvironmentSettings,
} from '../service/EnvironmentSettings';
import { promotedFrom } from '../service/promotedFrom';
import { ServiceFacts, Services } from '../service/Services';
import { CommitHistory } from './CommitHistory';
import { manifestDiff } from './manifestDiff';

/** What would be deployed: a version, or with `from` exactly what runs in another environment. */
export type Wanted = { version: string } | { from: string };

/** What a deployment of that would be of. */
type Named = Pick<Deployment, 'kind' | 'image' | 'version'> &
  Partial<Pick<Deployment, 'digest' | 'commit' | 'manifestsOf'>>;

/** Says what deploying would come to. Nothing is written but which secrets its manifests refer to, for who looks for missing ones. */
export class Previews {
  readonly #checks: Checks;
  readonly #environments: Environments;
  readonly #history: Pick<CommitHistory, 'between'>;
  readonly #manifests: Pick<ManifestStore, 'text'>;
  readonly #newId: () => string;
  readonly #now: () => Date;
  readonly #reader: Pick<ReadStore, 'lastGood'>;
  readonly #services: Services;

  constructor(options: {
    checks: Checks;
    environments: Environments;
    history: Pick<CommitHistory, 'between'>;
    manifests: Pick<ManifestStore, 'text'>;
    newId: () => string;
    now: () => Date;
    reader: Pick<ReadStore, 'lastGood'>;
    services: Services;
  }) {
    this.#checks = options.checks;
    this.#environments = options.environments;
    this.#history = options.history;
    this.#manifests = options.manifests;
    this.#newId = options.newId;
    this.#now = options.now;
    this.#reader = options.reader;
    this.#services = options.services;
  }

  /** @throws as {@link begin} */
  async of(
    place: Place,
    wanted: Wanted,
    signal: AbortSignal,
  ): Promise<Preview> {
    return (await this.begin(place, wanted, signal))();
  }

  /**
   * @returns what checks and compares, and tells of each check when it begins and when it has passed
   * @throws NotFoundError for an unknown service or environment, and what {@link promotedFrom} throws
   */
  async begin(
    place: Place,
    wanted: Wanted,
    signal: AbortSignal,
  ): Promise<(onStep?: CheckOptions['onStep']) => Promise<Preview>> {
    const environment = this.#environments.get(place.environment);
    const service = await this.#services.get(place.service);
    const named: Named =
      'version' in wanted
        ? { kind: 'deploy', version: wanted.version, image: service.image }
        : await promotedFrom(
            { environments: this.#environments, reader: this.#reader },
            {
              service: place.service,
              from: wanted.from,
              to: place.environment,
            },
          );
    return onStep =>
      this.#preview({ environment, service, named, signal, onStep });
  }

  async #preview(wanted: {
    environment: EnvironmentSettings;
    service: ServiceFacts;
    named: Named;
    signal: AbortSignal;
    onStep: CheckOptions['onStep'];
  }): Promise<Preview> {
    const { environment, service, named, signal, onStep } = wanted;
    const { ref, repository } = service;
    const { version } = named;
    const here = { service: ref, environment: environment.name };
    const [running, checked] = await Promise.all([
      this.#reader.lastGood(here),
      this.#checks.run(
        this.#imagined({ ...here, ...named }),
        environment,
        signal,
        { dryRun: true, onStep },
      ),
    ]);
    if (!checked.ok) {
      const why = 'The version is not deployed as it stands.';
      return {
        ok: false,
        version,
        summary: checked.summary,
        checks: checked.steps,
        running,
        commits: { known: false, why },
        manifests: { known: false, why },
      };
    }
    const { digest, commit, steps, manifests } = checked;
    return {
      ok: true,
      version,
      summary: 'All checks hold',
      checks: steps,
      ...{ running, digest, commit },
      commits: await this.#commits(running, { repository, commit, signal }),
      manifests: await this.#difference(running, manifests, signal),
    };
  }

  async #commits(
    running: Deployment | undefined,
    wanted: { repository?: string; commit?: string; signal: AbortSignal },
  ): Promise<CommitDifference> {
    const { repository, commit: to, signal } = wanted;
    if (!running) return { known: false, why: 'Nothing runs there yet.' };
    if (!repository || !running.commit || !to) {
      return {
        known: false,
        why: 'It is not known from which commits they are.',
      };
    }
    const { commit: from } = running;
    return this.#history.between({ repository, from, to, signal });
  }

  async #difference(
    running: Deployment | undefined,
    wanted: string,
    signal: AbortSignal,
  ): Promise<ManifestDifference> {
    if (!running?.manifestsDigest) {
      return { known: false, why: 'Nothing runs there yet.' };
    }
    const text = await this.#manifests.text(running.manifestsDigest);
    return { known: true, diff: await manifestDiff(text, wanted, { signal }) };
  }

  /** What would be asked for; it is kept nowhere. */
  #imagined(
    wanted: Pick<Deployment, 'service' | 'environment'> & Named,
  ): Deployment {
    return {
      ...wanted,
      id: this.#newId(),
      state: 'checking',
      summary: '',
      requestedBy: 'plugin:deployments',
      door: 'system',
      correlation: '',
      requestedAt: this.#now().toISOString(),
      revision: 1,
    };
  }
}
