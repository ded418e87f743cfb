import { z } from 'zod';

/** Source of all events that PagerDuty tells of. */
export const PAGERDUTY = '/pagerduty';
const KINDS: Record<string, string> = {
  'incident.triggered': 'dev.cdevents.incident.detected.0.2.0',
  'incident.reopened': 'dev.cdevents.incident.detected.0.2.0',
  'incident.resolved': 'dev.cdevents.incident.resolved.0.2.0',
};

/** What is read of a delivery, version 3. Who acknowledged, resolved or was called is none of it. */
export const deliverySchema = z.object({
  event: z.object({
    id: z.string().min(1),
    event_type: z.string(),
    occurred_at: z.string(),
    data: z
      .object({
        id: z.string().min(1),
        title: z.string().optional(),
        html_url: z.string().optional(),
        service: z.object({ id: z.string() }).optional(),
      })
      .passthrough()
      .transform(({ id, title, html_url, service }) => ({
        ...{ id, title, html_url, service },
      })),
  }),
});
export type Delivery = z.output<typeof deliverySchema>;

/** Which services in the catalog are a service of PagerDuty. */
export type ServicesOf = (pagerDutyService: string) => Promise<string[]>;

/** Which environment an incident of a service is of. */
export type EnvironmentOf = (about: {
  service: string;
  incident: string;
  at: string;
}) => Promise<string>;

/**
 * What the ledger takes of a delivery.
 *
 * @returns `undefined` for what is about no begin or end of an incident; a reason where it is not known of which service it is
 */
export async function eventsOf(
  { event }: Delivery,
  {
    servicesOf,
    environmentOf,
  }: {
    servicesOf: ServicesOf;
    environmentOf: EnvironmentOf;
  },
): Promise<object[] | { reason: string } | undefined> {
  const type = KINDS[event.event_type];
  if (!type) return undefined;
  const { id: incident, title, html_url: url, service } = event.data;
  if (!service) return { reason: 'the incident names no service' };
  const services = await servicesOf(service.id);
  if (services.length === 0) {
    return {
      reason: `no service in the catalog has the annotation pagerduty.com/service-id: ${service.id}`,
    };
  }
  const at = event.occurred_at;
  if (Number.isNaN(Date.parse(at))) {
    return { reason: 'event.occurred_at is no time of ISO 8601' };
  }
  return Promise.all(
    services.map(async ref => ({
      ...{ specversion: '1.0', source: PAGERDUTY, type },
      id: `${event.id} ${ref}`,
      time: at,
      data: {
        ...{ service: ref, incident, title, url },
        environment: await environmentOf({ service: ref, incident, at }),
      },
    })),
  );
}
