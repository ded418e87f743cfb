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
import { Checked, Checks, CheckStep } from './Checks';
import { namespaceOf } from '@highroad/plugin-platform-node/kubernetes';
import { EnvironmentSettings } from './EnvironmentSettings';
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
  readonly #manifests: ManifestSource;
  readonly #now: () => Date;
  readonly #allConditions: string[];
  readonly #prometheus: string | undefined;
  readonly #registry: ImageRegistry;
  readonly #references: Pick<KeptLooks, 'keep'>;
  readonly #secrets: Pick<SecretsCheck, 'look'>;
  readonly #services: Services;

  constructor(options: {
    deviations: Pick<DeviationStore, 'of'>;
    /** The last that a deviation could be added until now, such as `2027-01-31` */
    lastDay: () => string;
    manifests: ManifestSource;
    now: () => Date;
    /** Names of the conditions of all environments */
    allConditions: string[];
    /** Address at which Argo Rollouts asks Prometheus; none where it cannot */
    prometheus: string | undefined;
    registry: ImageRegistry;
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
    { dryRun = false }: { dryRun?: boolean } = {},
  ): Promise<Checked> {
    const steps: CheckStep[] = [];
    let doing = 'image';
    const done = (summary: string, evidence: string[] = []) =>
      steps.push({ name: doing, state: 'succeeded', summary, evidence });
    try {
      const image = await this.#image(deployment, signal);
      done(`${deployment.image}:${deployment.version} is there`, [
        image.digest,
        ...image.platforms,
      ]);

      doing = 'manifests';
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
      done(`Rendered from ${rendered.overlay} at ${commit.slice(0, 8)}`, added);

      doing = 'guardrails';
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
        return refused(steps, doing, {
          summary: `${
            lines.length === 1
              ? 'A guardrail refuses'
              : `${lines.length} guardrails refuse`
          } it: ${report.refused[0].message}`,
          evidence: lines,
        });
      }
      done(
        report.lifted.length > 0
          ? `They hold, but for ${report.lifted.length} that deviations lift`
          : 'They hold',
        report.lifted.map(one => `${one.rule}: ${one.lift}`),
      );

      doing = 'secrets';
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
        return refused(steps, doing, {
          summary:
            missing.length === 1
              ? missing[0]
              : `${missing.length} secrets are missing that its pods cannot start without`,
          evidence: [...missing, ...provided],
        });
      }
      done(
        needed === 0
          ? 'It needs none'
          : `All ${needed} that its pods need are there`,
        provided,
      );
      return {
        ok: true,
        steps,
        digest: image.digest,
        commit,
        strategy: strategyOf(objects),
        manifests: text,
        conditions,
      };
    } catch (error) {
      if (signal.aborted || !(error instanceof Error)) throw error;
      return refused(steps, doing, explain(error));
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
    { version }: Deployment,
    repository: string,
    image: ResolvedImage,
    signal: AbortSignal,
  ): Promise<string> {
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
  before: CheckStep[],
  name: string,
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
    steps: [...before, { name, state: 'failed', summary, evidence }],
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
