import { InputError, ServiceUnavailableError } from '@backstage/errors';
import { Deployment } from '@highroad/plugin-deployments-common';
import {
  ImageNotFoundError,
  ImageRegistry,
  isRegistryError,
  RegistryRateLimitedError,
  ResolvedImage,
} from '@highroad/plugin-platform-node/registry';
import {
  addHealthChecks,
  canonicalManifests,
  confine,
  ConfinementError,
  KubernetesObject,
  ManifestSource,
  pinImage,
  secretsReferredTo,
} from '@highroad/plugin-platform-node/manifests';
import { DeviationStore } from '../deviations/DeviationStore';
import { checkGuardrails } from '../guardrails';
import { CheckList } from './CheckList';
import { Checked, CheckOptions, Checks } from './Checks';
import { namespaceOf } from '@highroad/plugin-platform-node/kubernetes';
import { EnvironmentSettings, hostsOf } from './EnvironmentSettings';
import { addAnalysis } from './conditions/analysis';
import { Condition } from './conditions/Condition';
import { CONDITIONS_ANNOTATION, stricter } from './conditions/stricter';
import { unjudged } from './conditions/unjudged';
import { KeptLooks } from './KeptLooks';
import { SecretsCheck } from './SecretsCheck';
import { ServiceFacts, Services } from './Services';
import { addStrategy, strategyOf } from './strategy';

const COMMIT = /^[0-9a-f]{40}$/;

class UnknownCommitError extends Error {}

/** Looks at image, manifests, guardrails and secrets, in this order, and stops at the first that refuses. */
export class StandardChecks implements Checks {
  readonly #deviations: Pick<DeviationStore, 'of'>;
  readonly #lastDay: () => string;
  readonly #manifests: Pick<ManifestSource, 'render' | 'findCommit'>;
  readonly #now: () => Date;
  readonly #allConditions: string[];
  readonly #prometheus: string | undefined;
  readonly #registry: Pick<ImageRegistry, 'resolve'>;
  readonly #references: Pick<KeptLooks, 'keep'>;
  readonly #secrets: Pick<SecretsCheck, 'look'>;
  readonly #services: Services;

  constructor(options: {
    deviations: Pick<DeviationStore, 'of'>;
    /** The last that a deviation could be added until now, such as `2027-01-31` */
    lastDay: () => string;
    manifests: Pick<ManifestSource, 'render' | 'findCommit'>;
    now: () => Date;
    /** Names of the conditions of all environments */
    allConditions: string[];
    /** Address at which Argo Rollouts asks Prometheus; none where it cannot */
    prometheus: string | undefined;
    registry: Pick<ImageRegistry, 'resolve'>;
    /** Kept before anything is refused, so that what is missing can be seen before it is deployed */
    references: Pick<KeptLooks, 'keep'>;
    secrets: Pick<SecretsCheck, 'look'>;
    services: Services;
  }) {
    this.#deviations = options.deviations;
    this.#lastDay = options.lastDay;
    this.#manifests = options.manifests;
    this.#now = options.now;
    this.#allConditions = options.allConditions;
    this.#prometheus = options.prometheus;
    this.#registry = options.registry;
    this.#references = options.references;
    this.#secrets = options.secrets;
    this.#services = options.services;
  }

  async run(
    deployment: Deployment,
    environment: EnvironmentSettings,
    signal: AbortSignal,
    { dryRun = false, onStep }: CheckOptions = {},
  ): Promise<Checked> {
    const list = new CheckList(this.#now, onStep);
    try {
      await list.begin('image', 'Asks the registry for it');
      const image = await this.#image(deployment, signal);
      await list.pass(`${deployment.image}:${deployment.version} is there`, [
        image.digest,
        ...image.platforms,
      ]);

      await list.begin('manifests', 'Renders them');
      const service = await this.#services.get(deployment.service);
      const { repository } = service;
      if (!repository) {
        throw new InputError(
          `The repository of ${service.ref} is not known. Register its catalog-info.yaml by its address at a branch at the Git host, not at a commit; the host has to be under "integrations" in app-config.`,
        );
      }
      const commit = await this.#commit(deployment, repository, image, signal);
      const rendered = await this.#manifests.render({
        repository,
        commit,
        environment: environment.name,
        tier: environment.tier,
        signal,
      });
      const conditions = stricter(
        environment.conditions,
        service.annotations[CONDITIONS_ANNOTATION],
        this.#allConditions,
      );
      const { objects, added } = this.#complete(rendered.objects, {
        ...{ conditions, deployment, environment, service },
        digest: image.digest,
      });
      const { text } = canonicalManifests(objects);
      await this.#references.keep({
        ...{ service: service.ref, environment: environment.name },
        ...(!dryRun && { deployment: deployment.id }),
        version: deployment.version,
        at: this.#now().toISOString(),
        references: secretsReferredTo(objects),
      });
      await list.pass(
        `Rendered from ${rendered.overlay} at ${commit.slice(0, 8)}`,
        added,
      );

      await list.begin('guardrails', 'Looks whether they hold');
      const report = checkGuardrails(objects, {
        service: deployment.service,
        environment: environment.name,
        production: environment.production,
        deviations: await this.#deviations.of(deployment),
        lastDay: this.#lastDay(),
        now: this.#now().getTime(),
      });
      const lines = report.refused.map(
        one => `${one.object}, ${one.container}: ${one.message} ${one.lift}`,
      );
      if (lines.length > 0) {
        return refused(list, {
          summary: `${
            lines.length === 1
              ? 'A guardrail refuses'
              : `${lines.length} guardrails refuse`
          } it: ${report.refused[0].message}`,
          evidence: lines,
        });
      }
      await list.pass(
        report.lifted.length > 0
          ? `They hold, but for ${report.lifted.length} that deviations lift`
          : 'They hold',
        report.lifted.map(one => `${one.rule}: ${one.lift}`),
      );

      await list.begin('secrets', 'Looks whether they are there');
      const { needed, missing, provided } = await this.#secrets.look(
        objects,
        {
          service: service.ref,
          name: service.name,
          environment: environment.name,
          cluster: environment.cluster,
          namespace: namespaceOf(environment, service.name),
        },
        { dryRun },
      );
      if (missing.length > 0) {
        return refused(list, {
          summary:
            missing.length === 1
              ? missing[0]
              : `${missing.length} secrets are missing that its pods cannot start without`,
          evidence: [...missing, ...provided],
        });
      }
      await list.pass(
        needed === 0
          ? 'It needs none'
          : `All ${needed} that its pods need are there`,
        provided,
      );
      return {
        ok: true,
        steps: list.passed,
        digest: image.digest,
        commit,
        strategy: strategyOf(objects),
        manifests: text,
        conditions,
      };
    } catch (error) {
      if (signal.aborted || !(error instanceof Error)) throw error;
      return refused(list, explain(error));
    }
  }

  #image(
    { image, version, digest }: Deployment,
    signal: AbortSignal,
  ): Promise<ResolvedImage> {
    // A promotion takes the very image that was good, whatever its tag means by now.
    const reference = digest ? `${image}@${digest}` : `${image}:${version}`;
    return this.#registry.resolve(reference, { signal });
  }

  async #commit(
    { version, commit }: Deployment,
    repository: string,
    image: ResolvedImage,
    signal: AbortSignal,
  ): Promise<string> {
    // A promotion takes the one that was good, wherever a tag of Git leads by now.
    if (commit && COMMIT.test(commit)) return commit;
    const { revision } = image;
    if (revision && COMMIT.test(revision)) return revision;
    if (COMMIT.test(version)) return version;
    const tagged = await this.#manifests.findCommit({
      ...{ repository, version, signal },
    });
    if (tagged) return tagged;
    throw new UnknownCommitError(
      `It is not known which commit ${version} was built from: the image has no label org.opencontainers.image.revision, and ${repository} has no tag ${version}. Build it with the pipeline of the template, or tag the commit.`,
    );
  }

  #complete(
    rendered: KubernetesObject[],
    about: {
      conditions: Condition[];
      deployment: Deployment;
      environment: EnvironmentSettings;
      service: ServiceFacts;
      digest: string;
    },
  ) {
    const { deployment, environment, service, digest } = about;
    const { image, version } = deployment;
    const namespace = namespaceOf(environment, service.name);
    const pinned = pinImage(rendered, { image, digest, version });
    const { annotations } = service;
    const port = annotations['platform.myorg.com/port'];
    const { objects: shifted, added: strategies } = addStrategy(
      pinned,
      environment.strategy,
    );
    const { objects, added } = addHealthChecks(shifted, {
      digest,
      addresses: {
        healthPath: annotations['platform.myorg.com/health-path'],
        readyPath: annotations['platform.myorg.com/ready-path'],
        port: port ? Number(port) : undefined,
      },
    });
    const confined = confine(objects, {
      namespace,
      service: service.name,
      hosts: hostsOf(environment, service.name),
    });
    return {
      added: [
        ...strategies,
        ...added,
        ...(this.#prometheus ? [] : unjudged(confined, about.conditions)),
      ],
      objects: this.#prometheus
        ? addAnalysis(confined, about.conditions, {
            prometheus: this.#prometheus,
            ...{ namespace, version },
            service: service.name,
            environment: environment.name,
          })
        : confined,
    };
  }
}

function refused(
  list: CheckList,
  why: {
    summary: string;
    evidence: string[];
    passing?: boolean;
    retryAfterSeconds?: number;
  },
): Checked {
  const { summary, evidence, passing = false, retryAfterSeconds } = why;
  return {
    ok: false,
    ...{ summary, passing, retryAfterSeconds },
    steps: [...list.passed, list.failed(summary, evidence)],
  };
}

function explain(error: Error) {
  if (error instanceof ConfinementError) {
    return {
      summary: 'The manifests ask for what a repository may not have',
      evidence: error.problems,
    };
  }
  const passing =
    error instanceof ServiceUnavailableError ||
    (isRegistryError(error) &&
      (error.reason === 'unavailable' || error.reason === 'rate-limited'));
  return {
    summary: error.message,
    passing,
    ...(error instanceof RegistryRateLimitedError && {
      retryAfterSeconds: error.retryAfterSeconds,
    }),
    evidence:
      error instanceof ImageNotFoundError
        ? error.nearTags.map(tag => `There is ${tag}.`)
        : [],
  };
}
