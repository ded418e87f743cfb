import {
  EnvironmentServiceSpec,
  fieldOf,
  OWNER_ANNOTATION,
  plainSecretsIn,
  portProblemsIn,
  serviceRefOf,
} from '@highroad/plugin-environments-common';
import { ClusterClient } from '@highroad/plugin-platform-node/kubernetes';
import { EnvironmentResource } from '../service/EnvironmentResources';
import { PreviewSettings } from '../service/PreviewSettings';
import { sizeProblem } from '../service/sizeProblem';
import { wholeOwner } from '../service/wholeOwner';
import { databaseSecretName } from './objects/databaseSecret';
import { imageOf } from './objects/imageOf';
import { Places } from './quota';
import { SecretSource } from './SecretSource';

/** Whose services of the catalog are */
type Owners = Pick<SecretSource, 'ownerOf'>;

export type Acceptance =
  | {
      ok: true;
      owner: string;
      /** What would be refused of a new one, and should be mended */
      warning?: string;
    }
  | { ok: false; owner?: string; reason: string; message: string };

/**
 * Whether an environment may be: what it asks for can be had, whoever owns it is known, and there is room. Where the
 * cluster's own policy says the same, this is the second look.
 */
export async function accept(
  resource: EnvironmentResource,
  deps: {
    client: ClusterClient;
    settings: PreviewSettings;
    places: Places;
    drivers: string[];
    secrets: Owners;
    /** All environments there are */
    all: () => EnvironmentResource[];
  },
): Promise<Acceptance> {
  const { client, settings, drivers } = deps;
  const { spec } = resource;
  if (!spec) {
    return {
      ok: false,
      // It is still whose it was found to be.
      owner: resource.status.owner,
      reason: 'Invalid',
      message: `It can't be read: ${resource.problem}`,
    };
  }
  const owned = await ownerOf(resource, client, settings);
  if (!owned.ok) return owned;
  const { owner } = owned;
  const refuse = (reason: string, message: string): Acceptance => ({
    ...{ ok: false, owner, reason, message },
  });
  if (spec.cluster && spec.cluster !== settings.cluster) {
    return refuse(
      'UnknownCluster',
      `Environments are made in the cluster ${settings.cluster}, not in ${spec.cluster}. Leave spec.cluster out.`,
    );
  }
  if (spec.pullRequest && resource.home !== settings.namespace) {
    return refuse(
      'PullRequestRefused',
      'spec.pullRequest is filled in by the platform, for environments that it makes itself. Leave it out.',
    );
  }
  const [plain] = plainSecretsIn(spec.services);
  // What was made before this was refused goes on.
  const isMade = resource.status.namespace !== undefined;
  if (plain && !isMade) return refuse('PlainSecret', `${plain.message}.`);
  const [port] = portProblemsIn(spec.services);
  const portMessage = port && `spec.${fieldOf(port.path)}: ${port.message}`;
  if (portMessage && !isMade) return refuse('PortRefused', `${portMessage}.`);
  for (const service of spec.services) {
    const image = service.image
      ? imageOf(service.image, {
          name: resource.name,
          pullRequest: spec.pullRequest,
          settings,
        })
      : undefined;
    if (image && !image.ok) return refuse('ImageRefused', image.message);
    const others = await whyNoManifests(service, owner, deps);
    if (others) return refuse('ManifestsRefused', others);
    const secret = service.env.find(one => one.secret);
    if (secret && spec.pullRequest?.fork) {
      return refuse(
        'ForkGetsNoSecrets',
        `${service.name} asks for the secret ${secret.secret?.key}, and this pull request comes from a fork. Give it a plain value.`,
      );
    }
    const foreign = await whyNoSecrets(service, owner, deps);
    if (foreign) return refuse('SecretRefused', foreign);
  }
  for (const database of spec.databases) {
    const taken = databaseSecretName(database.name);
    if (spec.services.some(({ name }) => name === taken)) {
      return refuse(
        'NameTaken',
        `The name ${taken} is that of the database ${database.name} in the environment's namespace. Give the service another.`,
      );
    }
    const driver = database.driver ?? settings.databases.driver;
    if (drivers.includes(driver)) continue;
    return refuse(
      'UnknownDriver',
      drivers.length === 0
        ? 'No databases can be made here yet. Name a PostgreSQL server under platform.previews.databases.server, or an image of one under platform.previews.databases.cluster.'
        : `There is no way "${driver}" to make a database; there is ${drivers.join(
            ', ',
          )}.`,
    );
  }
  const size = sizeProblem(spec, settings);
  if (size && !isMade) {
    return refuse('TooLarge', `Its services find no room: ${size}.`);
  }
  const full = deps.places.take(resource, owner, deps.all());
  if (full) return refuse('QuotaExceeded', full);
  const old = [plain?.message, portMessage].filter(Boolean);
  return {
    ...{ ok: true, owner },
    ...(old.length > 0 && {
      warning: `It goes on as it is, but a new one like it is refused: ${old.join(
        '. ',
      )}.`,
    }),
  };
}

/** A service takes its own manifests, where its owner is the environment's: nobody reads others' repositories by one. */
async function whyNoManifests(
  { name, from }: EnvironmentServiceSpec,
  owner: string,
  { secrets }: { secrets: Owners },
): Promise<string | undefined> {
  if (!from) return undefined;
  const own = serviceRefOf(name);
  const others = await whyNotOf(owner, own, secrets);
  return (
    others &&
    `${name} is to take the manifests of ${own}, which ${others}, and this environment is ${owner}'s. Give it an image instead, or have the environment made by its owner.`
  );
}

/** A service is given its own secrets, where its owner is the environment's: nobody gets at others' by a manifest. */
async function whyNoSecrets(
  { name, env }: EnvironmentServiceSpec,
  owner: string,
  deps: { settings: PreviewSettings; secrets: Owners },
): Promise<string | undefined> {
  for (const { secret } of env) {
    if (!secret) continue;
    const { service, key } = secret;
    const asks = `${name} asks for the secret ${key} of ${service}.`;
    if (!deps.settings.secretsFrom) {
      return `${asks} Previews are given no secrets of services here; give it a plain value, or a database of its own.`;
    }
    const own = serviceRefOf(name);
    if (service !== name && service !== own) {
      return `${asks} A service of a preview is given secrets of its own only: write ${own}, or give it a plain value.`;
    }
    const others = await whyNotOf(owner, own, deps.secrets);
    if (others) {
      return `${asks} ${own} ${others}, and this environment ${owner}'s, so it is given none of its secrets.`;
    }
  }
  return undefined;
}

/** @returns whose a service of the catalog is instead, such as `is group:default/bank's` */
async function whyNotOf(
  owner: string,
  service: string,
  owners: Owners,
): Promise<string | undefined> {
  const owns = await owners.ownerOf(service);
  if (owns === owner) return undefined;
  return `is ${owns ? `${owns}'s` : 'not in the catalog'}`;
}

/** Who owns an environment is said by the namespace that it is in, or where the platform keeps it, by itself. */
async function ownerOf(
  { home, spec }: EnvironmentResource,
  client: ClusterClient,
  settings: PreviewSettings,
): Promise<Acceptance> {
  const wanted = spec?.owner ? wholeOwner(spec.owner) : undefined;
  if (home === settings.namespace) {
    if (wanted) return { ok: true, owner: wanted };
    return {
      ok: false,
      reason: 'NoOwner',
      message:
        'Nobody owns it. Write the group into spec.owner, such as group:default/shop.',
    };
  }
  const namespace = await client.find({ kind: 'Namespace', name: home });
  const annotated = namespace?.metadata.annotations?.[OWNER_ANNOTATION];
  if (!annotated) {
    return {
      ok: false,
      reason: 'NoOwner',
      message: `The namespace ${home} is no team's, so nobody would own this environment. Have the platform team put the annotation ${OWNER_ANNOTATION} with the group's reference on it.`,
    };
  }
  const owner = wholeOwner(annotated);
  if (!wanted || wanted === owner) return { ok: true, owner };
  return {
    ok: false,
    owner,
    reason: 'OwnerRefused',
    message: `It names ${wanted} as its owner, but the namespace ${home} is ${owner}'s. Leave spec.owner out, or apply it in a namespace of that team.`,
  };
}
