import { EnvironmentServiceSpec } from '@highroad/plugin-environments-common';
import { manifestObjects } from './manifests/manifestObjects';
import {
  ManifestProblem,
  ServiceOfManifests,
} from './manifests/ManifestReader';
import { ServiceManifests } from './manifests/ServiceManifests';
import { imageOf } from './objects/imageOf';
import { serviceObjects } from './objects/serviceObjects';
import { databasesOf } from './objects/serviceVariables';
import { ServiceParts } from './ServiceParts';
import { ServiceSecrets } from './ServiceSecrets';
import { addressOf, Target } from './Target';

/** What a service is to consist of, or why that isn't known. */
export type PlannedService = { service: EnvironmentServiceSpec } & (
  | {
      parts: ServiceParts;
      /** What it waits for before it starts, in words */
      lacks?: string;
    }
  | {
      unknown: {
        message: string;
        /** Whether a person has to change something */
        problem: boolean;
      };
    }
);

export async function planService(
  target: Target,
  service: EnvironmentServiceSpec,
  options: {
    /** What changes where a database's connection does, by the database's name */
    values: Map<string, string>;
    secrets: ServiceSecrets;
    manifests: ServiceManifests;
  },
): Promise<PlannedService> {
  const lent = await options.secrets.provide(target, service);
  const values = [
    ...databasesOf(target, service.name).map(({ name }) =>
      options.values.get(name),
    ),
    ...('values' in lent && lent.values ? [lent.values] : []),
  ].join();
  const lacks = 'missing' in lent ? { lacks: lent.missing } : {};
  const noted = ({ notes, ...parts }: ServiceParts): ServiceParts => ({
    ...parts,
    notes: 'note' in lent && lent.note ? [...notes, lent.note] : notes,
  });
  if (!hasManifests(service)) {
    const parts = noted(writtenParts(target, service, values));
    return { service, parts, ...lacks };
  }
  const work = options.manifests.on(target, service);
  if (work.state === 'reading') {
    const message = 'Its manifests are being read.';
    return { service, unknown: { message, problem: false } };
  }
  if (work.state === 'failed') return { service, unknown: told(work) };
  try {
    const parts = noted(manifestObjects(target, service, work.read, values));
    return { service, parts, ...lacks };
  } catch (error) {
    if (!(error instanceof ManifestProblem)) throw error;
    return {
      service,
      unknown: told({ message: error.message, problem: true }),
    };
  }
}

function told({ message, problem }: { message: string; problem: boolean }) {
  return {
    problem,
    message: problem
      ? `Its manifests can't be taken: ${message}`
      : `Its manifests can't be read now, and are tried again: ${message}`,
  };
}

function hasManifests(
  service: EnvironmentServiceSpec,
): service is ServiceOfManifests {
  return service.from !== undefined;
}

/** As the environment's manifest says itself. */
function writtenParts(
  target: Target,
  service: EnvironmentServiceSpec,
  values: string,
): ServiceParts {
  const { spec, resource, slug, settings } = target;
  const written = service.image ?? '';
  const resolved = imageOf(written, {
    name: resource.name,
    pullRequest: spec.pullRequest,
    settings,
  });
  // It was accepted, so its image can be told.
  const image = resolved.ok ? resolved.image : written;
  const address = service.public
    ? addressOf(service.name, slug, settings)
    : undefined;
  const { deployment, others } = serviceObjects(target, service, {
    image,
    values,
  });
  return {
    ...{ workloads: [deployment], others, image, images: [image], notes: [] },
    replicas: service.replicas,
    ...(address && { url: address.url }),
  };
}
