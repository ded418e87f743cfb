import {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { Places } from '@highroad/plugin-platform-node/kubernetes';
import {
  Call,
  gaugesText,
  Implementations,
  isPlugin,
  requirePlugin,
} from '@highroad/plugin-platform-node';
import {
  secretCountPermission,
  secretOperations,
} from '@highroad/plugin-secrets-common';
import { RotationStore } from './database/RotationStore';
import { SyncStore } from './database/SyncStore';
import { rotationImplementations } from './rotationImplementations';
import { StoredValue } from './drivers/vault/SecretVault';
import { AttentionReader } from './service/AttentionReader';
import { differences } from './service/differences';
import { Loans } from './service/Previews';
import { Generators } from './service/rotation/Generators';
import { Rotator } from './service/rotation/Rotator';
import { secretGauges } from './service/secretGauges';
import { SecretReader } from './service/SecretReader';
import { SecretService } from './service/SecretService';
import { wholeRef } from './service/Services';
import { spreadOver } from './service/spreadOver';
import { StoreStatus } from './service/StoreStatus';

const DAY_MS = 86_400_000;

/** What those are told who would have something that plugins ask each other. */
const LENT_BY_ITSELF =
  'Secrets are lent to environments by the platform itself. See a value with "platform secrets reveal", or give a program those of its service with "platform secrets run".';
const SEEN_BY_ITSELF =
  'Whether secrets that were lent have changed is looked for by the platform itself. See which secrets a service has, and their versions, with "platform secrets list".';

interface OfKey {
  service: string;
  environment: string;
  key: string;
}

interface Compared {
  service: string;
  from: string;
  to: string;
  kept: boolean;
}

/** What does the work of the operations on secrets. */
export function secretImplementations(deps: {
  generators: Pick<Generators, 'ends' | 'get'>;
  now: () => Date;
  rotations: RotationStore;
  /** Throws what to connect, where there is no store */
  rotator: () => Pick<Rotator, 'now' | 'requireWorking'>;
  permissions: PermissionsService;
  places: Places;
  /** Whether the platform lets programs of an environment read Vault themselves */
  readThemselves: (environment: string) => boolean;
  status: StoreStatus;
  syncs: Pick<SyncStore, 'behind'>;
  /** Throws what to connect, where there is no store */
  attention: () => AttentionReader;
  /** Throws what to connect, where there is no store */
  loans: () => Loans;
  /** Throws what to connect, where there is no store */
  reader: () => SecretReader;
  /** Throws what to connect, where there is no store */
  secrets: () => SecretService;
}): Implementations<typeof secretOperations> {
  const { now, places, rotations, rotator, status } = deps;
  const { reader, secrets, syncs } = deps;
  /** Whether it is somebody of the platform team. */
  const mayMend = async (
    actor: Call['actor'],
    credentials: BackstageCredentials,
  ) => {
    if (actor.kind !== 'user') return false;
    const [{ result }] = await deps.permissions.authorize(
      [{ permission: secretCountPermission }],
      { credentials },
    );
    return result === AuthorizeResult.ALLOW;
  };
  const environments = () =>
    places.all().map(({ name, production }) => ({ name, production }));
  const pathOf = (input: OfKey) => ({
    service: wholeRef(input.service),
    environment: input.environment,
    key: input.key,
  });
  const ofKey = async (input: OfKey & { version?: number }) => ({
    service: wholeRef(input.service),
    environment: input.environment,
    detail: {
      key: input.key,
      ...(input.version && { version: String(input.version) }),
    },
  });
  /** Several environments where none is named. */
  const spread = (
    input: { service: string; environment?: string },
    keys: string[],
  ) => ({
    service: wholeRef(input.service),
    ...(input.environment
      ? { environment: input.environment }
      : { environments: spreadOver(places).environments }),
    detail: { keys },
  });
  const setAll = async (
    call: Call<{ service: string; environment?: string }>,
    entries: Parameters<SecretService['set']>[2],
    how: 'set' | 'import',
  ) => {
    const { service, environment } = call.input;
    const { environments: all, leftOut } = environment
      ? { environments: [environment], leftOut: [] }
      : spreadOver(places);
    const changed = await secrets().set(wholeRef(service), all, entries, {
      ...{ actor: call.actor.ref, how },
    });
    noteChanges(call, changed.changes);
    return { ...changed, leftOut };
  };
  const requireKind = (production: boolean, ...names: string[]) => {
    const some = names.some(name => places.get(name).production);
    if (some === production) return;
    throw new InputError(
      production
        ? `environment: ${names.join(
            ' and ',
          )} are not production; ask without "production".`
        : `environment: ${names.find(
            name => places.get(name).production,
          )} is production, which takes a permission of its own and is not handed to programs.`,
    );
  };
  const reveal = (production: boolean) => ({
    target: ofKey,
    async handle(call: Call<OfKey & { version?: number }>) {
      requireKind(production, call.input.environment);
      const stored = await reader().reveal(
        pathOf(call.input),
        call.input.version,
      );
      call.note({ version: stored.version });
      return revealed(stored);
    },
  });
  const diff = (production: boolean) => ({
    target: async (input: Compared) => ({
      service: wholeRef(input.service),
      environments: [input.from, input.to],
      // Whoever reads the record sees that no value was read for it.
      ...(input.kept && { detail: { compared: 'kept fingerprints' } }),
    }),
    async handle(call: Call<Compared>) {
      const { from, to, kept } = call.input;
      requireKind(production, from, to);
      const service = wholeRef(call.input.service);
      const fingerprints = (environment: string) =>
        kept
          ? reader().keptFingerprints(service, environment)
          : reader().fingerprints(service, environment);
      const left = await fingerprints(from);
      const right = await fingerprints(to);
      const items = differences(
        { environment: from, ...left },
        { environment: to, ...right },
      );
      // Of these the values were read.
      if (!kept) call.note({ keys: items.map(({ key }) => key) });
      return { from, to, items };
    },
  });

  return {
    ...rotationImplementations(deps),
    prometheus: {
      async handle() {
        const soon = new Date(now().getTime() + DAY_MS).toISOString();
        const [counts, behind] = await Promise.all([
          rotations.counts(now().toISOString(), soon),
          syncs.behind(),
        ]);
        return piece(gaugesText(secretGauges(counts, behind)));
      },
    },
    status: {
      handle: async ({ actor, credentials }) => ({
        ...(await status.read(() => mayMend(actor, credentials))),
        environments: environments(),
      }),
    },
    list: {
      target: async ({ service, environment }) => ({
        service: wholeRef(service),
        ...(environment && { environment }),
      }),
      async handle({ actor, input: { service, environment } }) {
        const of = wholeRef(service);
        const [found, loans] = await Promise.all([
          reader().list(of, environment),
          // Plugins ask which keys there are, and wait for no other one for that.
          isPlugin(actor) ? undefined : deps.loans().lent(of),
        ]);
        return {
          ...{ ...found, ...loans, environments: environments() },
          lent: loans?.lent.filter(
            one => !environment || one.environment === environment,
          ),
        };
      },
    },
    attention: {
      handle: ({ input, visible }) =>
        deps.attention().page(input, services => visible(async () => services)),
    },
    get: {
      target: ofKey,
      handle: ({ input }) => reader().get(pathOf(input)),
    },
    history: {
      target: ofKey,
      handle: ({ input }) => reader().history(pathOf(input)),
    },
    set: {
      target: async input => spread(input, [input.key]),
      handle(call) {
        const { key, value, encoding, ifVersion, ifVersions } = call.input;
        const entry = { key, value, encoding, ifVersion, ifVersions };
        return setAll(call, [entry], 'set');
      },
    },
    provide: {
      target: ofKey,
      async handle(call) {
        const path = pathOf(call.input);
        const version = await secrets().provide(path, call.input.value, {
          actor: call.actor.ref,
        });
        if (version) call.note({ version });
        return { provided: version !== undefined };
      },
    },
    importAll: {
      target: async input =>
        spread(
          input,
          input.entries.map(({ key }) => key),
        ),
      handle: call => setAll(call, call.input.entries, 'import'),
    },
    reveal: reveal(false),
    revealProduction: reveal(true),
    run: {
      target: async ({ service, environment }) => ({
        service: wholeRef(service),
        environment,
      }),
      async handle(call) {
        const { service, environment } = call.input;
        requireKind(false, environment);
        const values = await reader().values(wholeRef(service), environment);
        call.note({ keys: [...values.found.keys()] });
        return {
          items: [...values.found].map(([key, stored]) => ({
            ...{ key },
            ...revealed(stored),
          })),
          leftOut: [...values.leftOut].map(([key, why]) => ({ key, why })),
        };
      },
    },
    newest: {
      target: async ({ service, environment }) => ({
        service: wholeRef(service),
        environment,
      }),
      async handle({ actor, input: { service, environment } }) {
        requirePlugin(actor, SEEN_BY_ITSELF);
        requireKind(false, environment);
        const versions = await reader().newest(wholeRef(service), environment);
        return { versions };
      },
    },
    lend: {
      target: async ({ service, environment, keys, to }) => ({
        ...{ service: wholeRef(service), environment },
        detail: { keys, to },
      }),
      async handle(call) {
        const { environment, keys } = call.input;
        requirePlugin(call.actor, LENT_BY_ITSELF);
        requireKind(false, environment);
        const items = [];
        for (const key of keys) {
          const path = pathOf({ ...call.input, key });
          items.push({ key, ...revealed(await reader().reveal(path)) });
        }
        return { items };
      },
    },
    diff: diff(false),
    diffProduction: diff(true),
    restore: {
      target: ofKey,
      async handle(call) {
        const { version, ifVersion } = call.input;
        await rotator().requireWorking(pathOf(call.input), version);
        const changed = await secrets().restore(pathOf(call.input), version, {
          ...{ actor: call.actor.ref, ifVersion },
        });
        noteChanges(call, changed.changes);
        return changed;
      },
    },
    delete: {
      target: ofKey,
      handle: ({ actor, input }) =>
        secrets().delete(pathOf(input), {
          ...{ actor: actor.ref, ifVersion: input.ifVersion },
        }),
    },
    undelete: {
      target: ofKey,
      handle: ({ actor, input }) =>
        secrets().undelete(pathOf(input), { actor: actor.ref }),
    },
  };
}

function noteChanges(
  call: Pick<Call, 'note'>,
  changes: Array<{
    environment: string;
    key: string;
    outcome: string;
    version: number;
  }>,
): void {
  call.note({
    changes: changes.map(
      ({ environment, key, outcome, version }) =>
        `${environment}/${key}: ${outcome}, version ${version}`,
    ),
  });
}

/** A text as a stream of one piece. */
async function* piece(text: string): AsyncIterable<string> {
  yield text;
}

/** The only place where values go into an answer. */
function revealed({ value, encoding, version }: StoredValue) {
  return { value: value.reveal(), encoding, version };
}
