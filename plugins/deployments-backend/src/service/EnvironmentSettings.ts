import { Config } from '@backstage/config';
import { InputError, NotFoundError } from '@backstage/errors';
import {
  StandingEnvironment,
  strategies,
} from '@highroad/plugin-deployments-common';
import { Destination } from '@highroad/plugin-deployments-node';
import { nearestNames } from '@highroad/plugin-platform-common';
import { readConfigAs } from '@highroad/plugin-platform-node';
import { namespaceOf } from '@highroad/plugin-platform-node/kubernetes';
import { z } from 'zod';
import { DEFAULT_ENGINE } from '../drivers/engine/Engines';
import { slackChannelSchema } from '@highroad/plugin-platform-node/slack';
import {
  Condition,
  conditionOf,
  conditionSettingsSchema,
} from './conditions/Condition';
import { durationSchema } from './conditions/duration';

const seconds = z.number().int().min(0).max(86_400);
/** A DNS label, as a part of a namespace has to be. */
const label = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/,
    'use lower-case letters, digits and "-", at most 30',
  );

const environmentSchema = z
  .object({
    name: label,
    tier: label.optional(),
    cluster: z.string().min(1),
    namespace: z
      .string()
      .refine(
        pattern => pattern.includes('{service}'),
        'it must hold {service}, so that each service has a namespace of its own',
      )
      .default('{service}-{environment}'),
    hosts: z
      .array(
        z
          .string()
          .regex(
            /^[a-z0-9{][a-z0-9{}.-]*$/,
            'write a host such as {service}.example.com',
          )
          .refine(
            host => host.includes('{service}'),
            'it must hold {service}, so that each service has hosts of its own',
          ),
      )
      .min(1)
      .optional(),
    production: z.boolean().optional(),
    approval: z.boolean().default(false),
    strategy: z.enum(strategies).optional(),
    /** How long new pods may take to become ready */
    progressDeadlineSeconds: seconds.default(600),
    /** Where Slack is told of deployments there */
    slackChannel: slackChannelSchema.optional(),
    /** Who brings manifests there */
    engine: z.string().min(1).default(DEFAULT_ENGINE),
    /** How long a version is watched after it has all the traffic */
    watch: durationSchema.optional(),
    /** How long a pod that was ready may not be so meanwhile */
    notReadyFor: durationSchema.default('30s'),
    /** What it has to hold meanwhile */
    conditions: z.array(conditionSettingsSchema).max(20).default([]),
  })
  .strict()
  .superRefine(({ conditions, watch }, context) => {
    conditions.forEach(({ name, window }, at) => {
      if (conditions.findIndex(other => other.name === name) < at) {
        context.addIssue({
          code: 'custom',
          path: ['conditions', at, 'name'],
          message: `"${name}" is there twice`,
        });
      }
      if (watch !== undefined && watch < window) {
        context.addIssue({
          code: 'custom',
          path: ['watch'],
          message: `${watch}s is shorter than the ${window}s that ${name} looks back`,
        });
      }
    });
  });
/** What is left to say of a namespace is the service. */
function patternOf(one: { name: string; namespace: string }): string {
  return one.namespace.replace('{environment}', one.name);
}

const environmentsSchema = z
  .array(environmentSchema)
  .default([])
  .superRefine((environments, context) => {
    environments.forEach((one, at) => {
      const { name, cluster } = one;
      if (environments.findIndex(other => other.name === name) < at) {
        context.addIssue({
          code: 'custom',
          path: [at, 'name'],
          message: `"${name}" is there twice`,
        });
        return;
      }
      const first = environments.findIndex(
        other =>
          other.cluster === cluster && patternOf(other) === patternOf(one),
      );
      if (first < at) {
        context.addIssue({
          code: 'custom',
          path: [at, 'namespace'],
          message: `each service would have one namespace in the cluster ${cluster} for this and for platform.environments[${first}].namespace (${environments[first].name}); write {environment} into both, or give one of them another pattern or cluster`,
        });
      }
    });
  });

/** A standing environment with what only the backend needs to know of it. */
export interface EnvironmentSettings extends StandingEnvironment {
  /** With `{service}` and `{environment}` */
  namespace: string;
  /** Hosts that the Ingresses of a service may name, with `{service}` and `{environment}`; any if left out */
  hosts?: string[];
  progressDeadlineSeconds: number;
  /** Name of what brings manifests there */
  engine: string;
  watchSeconds: number;
  /** How long a pod that was ready may not be so while a version is watched */
  notReadySeconds: number;
  slackChannel?: string;
  conditions: Condition[];
}

/** The standing environments, by name. */
export class Environments {
  readonly #byName: Map<string, EnvironmentSettings>;

  /** @throws InputError with the path of a bad key under `platform.environments` */
  static fromConfig(config: Config): Environments {
    const read = readConfigAs(
      config,
      'platform.environments',
      environmentsSchema,
    );
    const judged = read.findIndex(one => one.conditions.length > 0);
    if (judged >= 0 && !config.has('platform.prometheus')) {
      throw new InputError(
        `The configuration is not valid. platform.environments[${judged}].conditions: there is no Prometheus to ask; write its address into platform.prometheus.url`,
      );
    }
    return new Environments(
      read.map(({ watch, notReadyFor, conditions, ...one }) => ({
        ...one,
        notReadySeconds: notReadyFor,
        conditions: conditions.map(conditionOf),
        // What is judged is watched for as long as the longest look back.
        watchSeconds:
          watch ?? Math.max(0, ...conditions.map(({ window }) => window)),
        tier: one.tier ?? one.name,
        production: one.production ?? one.name === 'production',
      })),
    );
  }

  constructor(environments: EnvironmentSettings[]) {
    this.#byName = new Map(environments.map(one => [one.name, one]));
  }

  /** In the order of the configuration. */
  all(): EnvironmentSettings[] {
    return [...this.#byName.values()];
  }

  /** Of all environments. */
  conditionNames(): string[] {
    const names = this.all().flatMap(one =>
      one.conditions.map(({ name }) => name),
    );
    return [...new Set(names)].sort();
  }

  /** @throws NotFoundError that lists near names, or says where to add one */
  get(name: string): EnvironmentSettings {
    const found = this.#byName.get(name);
    if (found) return found;
    const names = [...this.#byName.keys()];
    if (names.length === 0) {
      throw new NotFoundError(
        'There is no environment to deploy to. Add one under platform.environments, with the name of a cluster.',
      );
    }
    const near = nearestNames(name, names);
    throw new NotFoundError(
      `There is no environment "${name}". ${
        near.length
          ? `Did you mean ${near.join(' or ')}?`
          : `There is ${names.join(', ')}.`
      }`,
    );
  }
}

/** Where a deployment is applied. */
export function destinationOf(
  { service, environment }: { service: string; environment: string },
  settings: EnvironmentSettings,
): Destination {
  const name = service.replace(/^.*\//, '');
  return {
    cluster: settings.cluster,
    namespace: namespaceOf(settings, name),
    service,
    environment,
  };
}

/** The hosts that the Ingresses of a service may name in an environment; nothing if any. */
export function hostsOf(
  { name, hosts }: Pick<EnvironmentSettings, 'name' | 'hosts'>,
  serviceName: string,
): string[] | undefined {
  return hosts?.map(host =>
    host.replaceAll('{service}', serviceName).replaceAll('{environment}', name),
  );
}
