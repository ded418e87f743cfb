import { ServiceUnavailableError, stringifyError } from '@backstage/errors';
import {
  ENVIRONMENT_UID_LABEL,
  EnvironmentEvent,
  LogLine,
  ownNamespaceOf,
  slugOf,
} from '@highroad/plugin-environments-common';
import { redact, redactText } from '@highroad/plugin-platform-node';
import { z } from 'zod';
import { ClusterClient } from '@highroad/plugin-platform-node/kubernetes';
import { EnvironmentResource } from './EnvironmentResources';
import { serviceOf } from './serviceOf';
import { PreviewSettings } from './PreviewSettings';

const MOST_EVENTS = 200;

const eventSchema = z.object({
  metadata: z.object({ creationTimestamp: z.string().nullish() }),
  involvedObject: z.object({
    kind: z.string().default(''),
    name: z.string().default(''),
  }),
  reason: z.string().nullish(),
  message: z.string().nullish(),
  type: z.string().nullish(),
  count: z.number().nullish(),
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
});

const containersSchema = z.array(z.object({ name: z.string() })).nullish();
const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    labels: z.record(z.string()).default({}),
  }),
  spec: z
    .object({
      containers: containersSchema,
      initContainers: containersSchema,
    })
    .default({}),
});

/** What can be read in an environment's namespace, at the moment that it is asked. */
export class Surroundings {
  readonly #client: () => ClusterClient | { missing: string };
  readonly #settings: Pick<PreviewSettings, 'namespace'>;

  constructor(options: {
    client: () => ClusterClient | { missing: string };
    settings: Pick<PreviewSettings, 'namespace'>;
  }) {
    this.#client = options.client;
    this.#settings = options.settings;
  }

  /** Newest first. */
  async events(resource: EnvironmentResource): Promise<EnvironmentEvent[]> {
    const client = this.#connected();
    const namespace = await this.#namespaceOf(resource, client);
    if (!namespace) return [];
    const { items } = await client.list('Event', { namespace });
    return items
      .map(item => {
        const event = eventSchema.parse(item);
        const { involvedObject: about, metadata } = event;
        return {
          at:
            event.lastTimestamp ??
            event.eventTime ??
            metadata.creationTimestamp ??
            '',
          about: `${about.kind} ${about.name}`.trim(),
          reason: event.reason ?? '',
          message: redactText(event.message ?? ''),
          warning: event.type === 'Warning',
          count: event.count ?? 1,
        };
      })
      .sort((a, b) => b.at.localeCompare(a.at))
      .slice(0, MOST_EVENTS);
  }

  /**
   * The newest lines of each container, and the pods that none can be had of. What looks like a secret is taken out: everybody may read
   * them, and previews are lent secrets.
   */
  async logs(
    resource: EnvironmentResource,
    options: { service?: string; lines: number },
  ): Promise<{
    items: LogLine[];
    unread: Array<{ pod: string; message: string }>;
  }> {
    const client = this.#connected();
    const namespace = await this.#namespaceOf(resource, client);
    if (!namespace) return { items: [], unread: [] };
    const { items: pods } = await client.list('Pod', { namespace });
    const items: LogLine[] = [];
    const unread: Array<{ pod: string; message: string }> = [];
    for (const object of pods) {
      const read = podSchema.parse(object);
      const { name: pod, labels } = read.metadata;
      const service = serviceOf(labels);
      if (!service || (options.service ?? service) !== service) continue;
      for (const container of containersIn(read)) {
        try {
          const text = await client.log(
            { name: pod, namespace },
            { lines: options.lines, ...(container && { container }) },
          );
          const lines = text.split('\n').filter(Boolean).map(lineOf);
          const shown = redact(lines.map(line => line.text));
          lines.forEach(({ at }, index) =>
            items.push({
              ...{ service, pod, text: shown[index] },
              ...(container && { container }),
              ...(at && { at }),
            }),
          );
        } catch (error) {
          const why = redactText(stringifyError(error));
          const message = container ? `container ${container}: ${why}` : why;
          unread.push({ pod, message });
        }
      }
    }
    return { items, unread };
  }

  /**
   * By its name, and by the mark that the controller gave the namespace: what a status says may be somebody's who is to read of no
   * other namespace.
   */
  async #namespaceOf(
    { home, name, uid }: EnvironmentResource,
    client: ClusterClient,
  ): Promise<string | undefined> {
    const own = ownNamespaceOf(
      slugOf({ namespace: home, name }, this.#settings.namespace),
    );
    const found = await client.find({ kind: 'Namespace', name: own });
    return found?.metadata.labels?.[ENVIRONMENT_UID_LABEL] === uid
      ? own
      : undefined;
  }

  #connected(): ClusterClient {
    const client = this.#client();
    if ('missing' in client) throw new ServiceUnavailableError(client.missing);
    return client;
  }
}

/** Of several, what they are called, those that run before the others first; the cluster does not choose among them. */
function containersIn({
  spec: { containers, initContainers },
}: z.output<typeof podSchema>): Array<string | undefined> {
  const names = [...(initContainers ?? []), ...(containers ?? [])].map(
    ({ name }) => name,
  );
  return names.length > 1 ? names : [undefined];
}

/** With when it was written, where the cluster says that. */
function lineOf(line: string): { at?: string; text: string } {
  const [, at, text] = /^(\S+T\S+Z) ?(.*)$/.exec(line) ?? [];
  return at ? { at, text } : { text: line };
}
