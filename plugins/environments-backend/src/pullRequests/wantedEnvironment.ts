import {
  EnvironmentManifest,
  ManifestProblem,
  parseManifest,
  pullRequestReferenceSchema,
  serviceRefOf,
} from '@highroad/plugin-environments-common';
import { createHash } from 'node:crypto';
import { PullRequest } from '../drivers/gitHosts/PullRequestHost';
import { driverProblems } from '../service/driverProblems';
import { environmentNameOf, referenceOf } from './PullRequestRef';

/** Where a pull request carries what it wants. */
export const MANIFEST_PATH = 'platform/environments/preview.yaml';
const PLATFORM_PREFIX = 'platform.myorg.com/';

export type Wanted =
  | { ok: true; manifest: EnvironmentManifest; owner: string; digest: string }
  | { ok: false; problems: ManifestProblem[] };

/**
 * The environment that a pull request gets by the manifest that it carries. Whoever may push decides what is in it, so what
 * would give them more than their own service has is a problem: another owner, another repository's files, secrets or manifests
 * of a service that is not in this repository, an environment without end, and from a fork any secret.
 *
 * @param options.commit - that the manifest was read at, and that is started
 * @param options.drivers - names of those that make databases
 * @param options.services - references of the services that are in this repository, and of the groups that own them; one at
 * least
 */
export function wantedEnvironment(options: {
  host: string;
  pullRequest: PullRequest;
  commit: string;
  source: string;
  repositoryUrl: string;
  services: { ref: string; owner: string }[];
  drivers: string[];
}): Wanted {
  const { host, pullRequest, commit, source, repositoryUrl } = options;
  const owners = [...new Set(options.services.map(({ owner }) => owner))];
  const parsed = parseManifest(source);
  if (!parsed.ok) return parsed;
  const { manifest } = parsed;
  const owner = ownerOf(manifest.spec.owner, owners);
  const problems = [
    ...('message' in owner ? [owner] : []),
    ...problemsOf(manifest, pullRequest.fork),
    ...strangersIn(manifest, options.services),
    ...driverProblems(manifest.spec, options.drivers),
  ];
  if (problems.length > 0 || 'message' in owner) return { ok: false, problems };
  const reference = referenceOf({ host, ...pullRequest });
  const wanted: EnvironmentManifest = {
    ...manifest,
    metadata: { name: environmentNameOf({ host, ...pullRequest }) },
    spec: {
      ...manifest.spec,
      owner: owner.ref,
      repository: repositoryUrl,
      revision: commit,
      pullRequest: pullRequestReferenceSchema.parse({
        ...reference,
        branch: pullRequest.branch,
        commit,
        fork: pullRequest.fork,
        url: pullRequest.url,
      }),
    },
  };
  const digest = createHash('sha256')
    .update(JSON.stringify(wanted))
    .digest('hex');
  return { ok: true, manifest: wanted, owner: owner.ref, digest };
}

function problemsOf(
  { metadata, spec }: EnvironmentManifest,
  fork: boolean,
): ManifestProblem[] {
  const filledIn = 'leave it out; the platform fills it in';
  const ours = (values: Record<string, string> = {}, field: string) =>
    Object.keys(values)
      .filter(key => key.startsWith(PLATFORM_PREFIX))
      .map(key => ({
        field: `metadata.${field}.${key}`,
        message: 'leave it out; it is the platform’s to set',
      }));
  const secrets = !fork
    ? []
    : spec.services.flatMap(({ env }, at) =>
        env.flatMap(({ secret }, position) =>
          secret
            ? [
                {
                  field: `spec.services[${at}].env[${position}].secret`,
                  message:
                    'a pull request from a fork gets no secrets; give a value instead',
                },
              ]
            : [],
        ),
      );
  return [
    ...ours(metadata.labels, 'labels'),
    ...ours(metadata.annotations, 'annotations'),
    ...(metadata.namespace !== undefined
      ? [{ field: 'metadata.namespace', message: filledIn }]
      : []),
    ...(spec.pullRequest
      ? [{ field: 'spec.pullRequest', message: filledIn }]
      : []),
    ...(spec.repository !== undefined
      ? [
          {
            field: 'spec.repository',
            message:
              'leave it out; seeds are read from the repository of the pull request',
          },
        ]
      : []),
    ...(spec.revision !== undefined
      ? [
          {
            field: 'spec.revision',
            message: 'leave it out; seeds are read at the newest commit',
          },
        ]
      : []),
    ...(spec.keep
      ? [
          {
            field: 'spec.keep',
            message:
              'leave it out; who may, has the environment kept in the portal',
          },
        ]
      : []),
    ...secrets,
  ];
}

/** Others may push here than to the repositories of other services, also where these have the same owner. */
function strangersIn(
  { spec }: EnvironmentManifest,
  services: { ref: string }[],
): ManifestProblem[] {
  return spec.services.flatMap(({ name, from, env }, at) => {
    const own = serviceRefOf(name);
    if (services.some(({ ref }) => ref === own)) return [];
    const field = `spec.services[${at}]`;
    const known = services.map(({ ref }) => ref).join(' and ');
    const message = (what: string) =>
      `${own} is not in this repository, and its pull requests get ${what} of the services in it only: ${known}`;
    return [
      ...(from
        ? [
            {
              field: `${field}.from`,
              message: `${message('manifests')}; give ${name} an image instead`,
            },
          ]
        : []),
      ...env.flatMap(({ secret }, position) =>
        secret
          ? [
              {
                field: `${field}.env[${position}].secret`,
                message: `${message('secrets')}; give a value instead`,
              },
            ]
          : [],
      ),
    ];
  });
}

function ownerOf(
  given: string | undefined,
  owners: string[],
): { ref: string } | ManifestProblem {
  const list = owners.join(' or ');
  if (given === undefined) {
    return owners.length === 1
      ? { ref: owners[0] }
      : {
          field: 'spec.owner',
          message: `services of several owners are in this repository; say whose it is: ${list}`,
        };
  }
  const found = owners.find(
    one => one === given || one === `group:default/${given}`,
  );
  return found
    ? { ref: found }
    : {
        field: 'spec.owner',
        message: `"${given}" owns nothing in this repository; it is ${list}`,
      };
}
