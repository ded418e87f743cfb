import { ServiceUnavailableError, stringifyError } from '@backstage/errors';
import {
  EnvironmentEvent,
  LogLine,
} from '@highroad/plugin-environments-common';
import { z } from 'zod';
import { ClusterClient } from '../drivers/kubernetes/ClusterClient';
import { EnvironmentResource } from './EnvironmentResources';

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

const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    labels: z.record(z.string()).default({}),
  }),
});

/** What can be read in an environment's namespace, at the moment that it is asked. */
export class Surroundings {
  readonly #client: () => ClusterClient | { missing: string };

  constructor(options: { client: () => ClusterClient | { missing: string } }) {
    this.#client = options.client;
  }

  /** Newest first. */
  async events({ status }: EnvironmentResource): Promise<EnvironmentEvent[]> {
    const { namespace } = status;
    if (!namespace) return [];
    const { items } = await this.#connected().list('Event', { namespace });
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
          message: event.message ?? '',
          warning: event.type === 'Warning',
          count: event.count ?? 1,
        };
      })
      .sort((a, b) => b.at.localeCompare(a.at))
      .slice(0, MOST_EVENTS);
  }

  /** The newest lines of each pod, and the pods that none can be had of. */
  async logs(
    { status }: EnvironmentResource,
    options: { service?: string; lines: number },
  ): Promise<{
    items: LogLine[];
    unread: Array<{ pod: string; message: string }>;
  }> {
    const { namespace } = status;
    if (!namespace) return { items: [], unread: [] };
    const client = this.#connected();
    const { items: pods } = await client.list('Pod', {
      namespace,
      labelSelector: options.service
        ? `app.kubernetes.io/name=${options.service}`
        : 'app.kubernetes.io/name',
    });
    const items: LogLine[] = [];
    const unread: Array<{ pod: string; message: string }> = [];
    for (const object of pods) {
      const { name: pod, labels } = podSchema.parse(object).metadata;
      const service = labels['app.kubernetes.io/name'] ?? '';
      try {
        const text = await client.log(
          { name: pod, namespace },
          { lines: options.lines },
        );
        for (const line of text.split('\n')) {
          if (!line) continue;
          const [, at, rest] = /^(\S+T\S+Z) ?(.*)$/.exec(line) ?? [];
          items.push({ service, pod, ...(at && { at }), text: rest ?? line });
        }
      } catch (error) {
        unread.push({ pod, message: stringifyError(error) });
      }
    }
    return { items, unread };
  }

  #connected(): ClusterClient {
    const client = this.#client();
    if ('missing' in client) throw new ServiceUnavailableError(client.missing);
    return client;
  }
}
