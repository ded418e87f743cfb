import { cutText, isWebAddress } from '@highroad/plugin-metrics-common';
import { z } from 'zod';

/** Source of all events that PagerDuty tells of. */
export const PAGERDUTY = '/pagerduty';
const KINDS = new Map([
  ['incident.triggered', 'dev.cdevents.incident.detected.0.2.0'],
  ['incident.reopened', 'dev.cdevents.incident.detected.0.2.0'],
  ['incident.resolved', 'dev.cdevents.incident.resolved.0.2.0'],
]);
/** What the ledger takes. Titles there may be longer, and nobody can change one afterwards. */
const MOST_TITLE = 500;
const MOST_URL = 1_000;

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

/** The environment of an incident, or that it is one of the production and follows from what is known of deployments. */
export type IncidentPlace =
  | { environment: string; ofProduction?: undefined }
  | { environment?: undefined; ofProduction: true };

/** Which environment an incident of a service is of, as far as that is known when it is told. */
export type PlaceOf = (about: {
  service: string;
  incident: string;
}) => Promise<IncidentPlace>;

/**
 * What the ledger takes of a delivery.
 *
 * @returns `undefined` for what is about no begin or end of an incident; a reason where it is not known of which service it is
 */
export async function eventsOf(
  { event }: Delivery,
  {
    servicesOf,
    placeOf,
  }: {
    servicesOf: ServicesOf;
    placeOf: PlaceOf;
  },
): Promise<object[] | { reason: string } | undefined> {
  const type = KINDS.get(event.event_type);
  if (!type) return undefined;
  const { id: incident, service } = event.data;
  const { title, url } = shownOf(event.data);
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
        ...(await placeOf({ service: ref, incident })),
      },
    })),
  );
}

/** What is shown of an incident, as far as the ledger takes it: that it happened counts, whatever it is called. */
function shownOf({ title, html_url: url }: Delivery['event']['data']): {
  title?: string;
  url?: string;
} {
  const isPage =
    url !== undefined &&
    url.length <= MOST_URL &&
    isWebAddress(url) &&
    URL.canParse(url);
  return {
    title: title && cutText(title, MOST_TITLE),
    url: isPage ? url : undefined,
  };
}
