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
  SecretChange,
  secretCountPermission,
  secretOperations,
} from '@highroad/plugin-secrets-common';
import { RotationStore } from './database/RotationStore';
import { SyncStore } from './database/SyncStore';
import { inParts, readNamed } from './namedKeys';
import { rotationImplementations } from './rotationImplementations';
import { StoredValue } from './drivers/vault/SecretVault';
import { AttentionReader } from './service/AttentionReader';
import { differences } from './service/differences';
import { keyParts } from './service/keyParts';
import { Loans } from './service/Previews';
import { Recorder } from './service/Recorder';
import { Generators } from './service/rotation/Generators';
import { Rotator } from './service/rotation/Rotator';
import { secretGauges } from './service/secretGauges';
import { SecretReader } from './service/SecretReader';
import { SecretService } from './service/SecretService';
import { wholeRef } from './service/Services';
import { spreadOver } from './service/spreadOver';
import { StoreStatus } from './service/StoreStatus';

const DAY_MS = 86_400_000;
/** As long as what a record says of a change to a key is at most. */
const LONGEST_CHANGE = 'unchanged, version 1000000000';

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
  /** Keys of a service in one environment, also deleted ones. Throws what to connect, where there is no store */
  keys: (place: { service: string; environment: string }) => Promise<string[]>;
  now: () => Date;
  recorder: Pick<Recorder, 'asked'>;
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
  const { now, places, recorder, rotations, rotator, status } = deps;
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
    ...namedIn(keys),
  });
  const setAll = async (
    call: Call<{ service: string; environment?: string; reason?: string }>,
    entries: Parameters<SecretService['set']>[2],
    how: 'set' | 'import',
  ) => {
    const { service, environment } = call.input;
    const { environments: all, leftOut } = environment
      ? { environments: [environment], leftOut: [] }
      : spreadOver(places);
    const set = () =>
      secrets().set(wholeRef(service), all, entries, {
        ...{ actor: call.actor.ref, how },
      });
    // What became of a key takes more room than its name.
    const parts = keyParts(
      entries.map(({ key }) => key),
      key => all.map(name => `${name}/${key}: ${LONGEST_CHANGE}`),
    );
    if (parts.length === 1) {
      const changed = await set();
      call.note({ changes: changed.changes.map(textOf) });
      return { ...changed, leftOut };
    }
    const changed = await inParts(
      ...([recorder, call] as const),
      {
        ...{ event: how, parts },
        about: {
          service: wholeRef(service),
          ...(environment && { environment }),
        },
        ...(!environment && { detail: { environments: all } }),
        ended: ({ changes }, part) => {
          const keys = new Set(part);
          const own = changes.filter(({ key }) => keys.has(key));
          return { changes: own.map(textOf) };
        },
      },
      set,
    );
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
      const compare = async () => {
        const left = await fingerprints(from);
        const right = await fingerprints(to);
        const items = differences(
          { environment: from, ...left },
          { environment: to, ...right },
        );
        return { from, to, items };
      };
      if (kept) return compare();
      // Of these the values are read.
      const keys = new Set<string>();
      for (const environment of [from, to]) {
        const all = await deps.keys({ service, environment });
        all.forEach(key => keys.add(key));
      }
      return readNamed(
        ...([recorder, call] as const),
        {
          ...{ event: 'diff', about: { service }, keys: [...keys].sort() },
          detail: { environments: [from, to] },
        },
        compare,
      );
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
        const { environment } = call.input;
        requireKind(false, environment);
        const service = wholeRef(call.input.service);
        const about = { service, environment };
        const keys = await deps.keys(about);
        const what = { event: 'run', about, keys };
        return readNamed(recorder, call, what, async () => {
          const values = await reader().values(service, environment);
          return {
            items: [...values.found].map(([key, stored]) => ({
              ...{ key },
              ...revealed(stored),
            })),
            leftOut: [...values.leftOut, ...values.refused].map(
              ([key, why]) => ({ key, why }),
            ),
          };
        });
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
        ...namedIn(keys, { to }),
      }),
      async handle(call) {
        const { environment, keys, to } = call.input;
        const lend = async () => {
          requirePlugin(call.actor, LENT_BY_ITSELF);
          requireKind(false, environment);
          const items = [];
          for (const key of keys) {
            const path = pathOf({ ...call.input, key });
            items.push({ key, ...revealed(await reader().reveal(path)) });
          }
          return { items };
        };
        const parts = keyParts(keys);
        if (parts.length === 1) return lend();
        const about = { service: wholeRef(call.input.service), environment };
        const what = { event: 'lend', about, parts, detail: { to } };
        return inParts(recorder, call, what, lend);
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
        call.note({ changes: changed.changes.map(textOf) });
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

/** So many as a record holds: of more, none would be named. Where it is refused, further records name the others. */
function namedIn(keys: string[], besides: Record<string, string> = {}) {
  const [detail, ...furtherDetails] = keyParts(keys).map(part => ({
    keys: part,
    ...besides,
  }));
  return { detail, furtherDetails };
}

/** What a record says of a change. */
function textOf({ environment, key, outcome, version }: SecretChange): string {
  return `${environment}/${key}: ${outcome}, version ${version}`;
}

/** A text as a stream of one piece. */
async function* piece(text: string): AsyncIterable<string> {
  yield text;
}

/** The only place where values go into an answer. */
function revealed({ value, encoding, version }: StoredValue) {
  return { value: value.reveal(), encoding, version };
}
