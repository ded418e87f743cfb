import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  durationSchema,
  LABEL_PATTERN,
  OVERLAY_LENGTH,
  OVERLAY_PATTERN,
  parseDuration,
} from '@highroad/plugin-environments-common';
import { readConfigAs } from '@highroad/plugin-platform-node';
import { slackChannelSchema } from '@highroad/plugin-platform-node/slack';
import { isIP } from 'node:net';
import { z } from 'zod';

const duration = durationSchema.transform(text => parseDuration(text) ?? 0);
const count = z.number().int().min(0).max(100_000);
const host = z.string().min(1).max(253);
const quantity = z
  .string()
  .regex(
    /^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/,
    'use a quantity of Kubernetes, such as 2Gi',
  );

/** How many connections the services of one environment's database may have open at a time. */
export const USUAL_CONNECTIONS = 40;

const egressSchema = z
  .object({
    cidr: z
      .string()
      .refine(isCidr, 'write it as 10.0.0.0/8, or 0.0.0.0/0 for everything')
      .optional(),
    namespace: z.string().min(1).max(63).optional(),
    ports: z.array(z.number().int().min(1).max(65_535)).min(1).optional(),
  })
  .strict()
  .refine(
    ({ cidr, namespace }) => (cidr === undefined) !== (namespace === undefined),
    'name either a cidr or a namespace',
  );

const settingsSchema = z
  .object({
    /** Name of a cluster of platform.clusters */
    cluster: z.string().min(1).optional(),
    /** Namespace in which those are kept that are not applied by hand */
    namespace: z
      .string()
      .max(63)
      .regex(new RegExp(LABEL_PATTERN))
      .default('environments'),
    /** Whether teams apply environments in namespaces of their own too; else only the one above is looked at */
    teamNamespaces: z.boolean().default(true),
    /** Where a public service answers, with {service} and {environment} */
    url: z
      .string()
      .regex(
        /^https?:\/\/[^/\s]+$/,
        'write it as http://{service}-{environment}.example.com',
      )
      .refine(
        pattern =>
          pattern.includes('{service}') && pattern.includes('{environment}'),
        'it must hold {service} and {environment}',
      )
      .refine(
        // Else nobody can tell where the one ends: two services might have one address.
        pattern => !/\{(service|environment)\}[^-.:]/.test(pattern),
        'what follows {service} or {environment} must begin with "-" or "."',
      )
      .optional(),
    ingressClass: z.string().min(1).optional(),
    /** Name of an issuer of cert-manager; certificates are asked for where it is given */
    tlsIssuer: z.string().min(1).optional(),
    /** Where images are that name no host */
    registry: z.string().min(1).optional(),
    /** What names of images may begin with; anything if left out */
    images: z.array(z.string().min(1)).optional(),
    /** What images of pull requests from forks may begin with, too; without it, they are fetched without credentials */
    forkImages: z.array(z.string().min(1)).min(1).optional(),
    /** Which of a repository's overlays services' own manifests take, where it has none for previews */
    overlay: z
      .string()
      .max(OVERLAY_LENGTH)
      .regex(
        new RegExp(OVERLAY_PATTERN),
        'write the name of a folder in deploy/overlays',
      )
      .default('staging'),
    /** Secret with credentials for registries, in the home namespace; copied into each environment */
    imagePullSecret: z.string().min(1).optional(),
    lifetime: z
      .object({
        countFrom: z.enum(['creation', 'activity']).default('creation'),
        max: duration.default('60d'),
        /** How long before the end it is said */
        warnBefore: duration.default('24h'),
      })
      .strict()
      .default({}),
    /** Where teams are told in Slack that have no channel of their own */
    slackChannel: slackChannelSchema.optional(),
    quota: z
      .object({ perTeam: count.default(10), total: count.default(100) })
      .strict()
      .default({}),
    /** What all of one environment may use together */
    limits: z
      .object({
        cpu: z.string().default('4'),
        memory: z.string().default('8Gi'),
        pods: z.number().int().min(1).max(500).default(40),
      })
      .strict()
      .default({}),
    /** Standing environment whose secrets services are given; none if left out */
    secretsFrom: z.string().min(1).optional(),
    /** What environments reach, besides themselves, name servers and their databases */
    egress: z.array(egressSchema).default([]),
    databases: z
      .object({
        driver: z.string().min(1).default('server'),
        /** How long a seed may take */
        seedTimeout: duration.default('15m'),
        server: z
          .object({
            host,
            port: z.number().int().min(1).max(65_535).default(5432),
            user: z.string().min(1),
            password: z.string().min(1),
            database: z.string().min(1).default('postgres'),
            /** The same server for pods; as the platform reaches it if left out */
            hostFromPods: host.optional(),
            portFromPods: z.number().int().min(1).max(65_535).optional(),
            ssl: z.boolean().default(false),
            /** How many connections the services of one database may have open at a time: others use the server too */
            connections: z
              .number()
              .int()
              .min(1)
              .max(10_000)
              .default(USUAL_CONNECTIONS),
          })
          .strict()
          .optional(),
        /** PostgreSQL servers in the environments themselves, one for each database */
        cluster: z
          .object({
            image: z.string().min(1).max(500),
            /** Whom the image runs PostgreSQL as */
            userId: z.number().int().min(1).default(999),
            /** Where rows are kept; without it they go with the pod, and a new one is seeded anew */
            storage: z
              .object({ size: quantity, class: z.string().min(1).optional() })
              .strict()
              .optional(),
            /** What one may use at most */
            limits: z
              .object({
                cpu: quantity.default('1'),
                memory: quantity.default('512Mi'),
              })
              .strict()
              .default({}),
          })
          .strict()
          .optional(),
      })
      .strict()
      .default({}),
  })
  .strict();

export type PreviewSettings = z.output<typeof settingsSchema>;
type ServerSettings = NonNullable<PreviewSettings['databases']['server']>;
export type DatabaseServerSettings = Omit<ServerSettings, 'connections'> &
  Partial<Pick<ServerSettings, 'connections'>>;
export type ClusterDatabaseSettings = NonNullable<
  PreviewSettings['databases']['cluster']
>;

/**
 * Reads `platform.previews`.
 *
 * @throws InputError with the path of a bad key
 */
export function readPreviewSettings(config: Config): PreviewSettings {
  const settings = readConfigAs(
    config,
    'platform.previews',
    settingsSchema.default({}),
  );
  const clusters = config
    .getOptionalConfigArray('platform.clusters')
    ?.map(one => one.getString('name'));
  const { cluster } = settings;
  if (cluster && !clusters?.includes(cluster)) {
    throw new InputError(
      `platform.previews.cluster is "${cluster}", which is no cluster of platform.clusters.`,
    );
  }
  return settings;
}

export function parsePreviewSettings(settings: unknown): PreviewSettings {
  return settingsSchema.parse(settings);
}

function isCidr(text: string): boolean {
  const [address, length, ...rest] = text.split('/');
  const version = isIP(address);
  return (
    version > 0 &&
    rest.length === 0 &&
    /^\d{1,3}$/.test(length ?? '') &&
    Number(length) <= (version === 4 ? 32 : 128)
  );
}
