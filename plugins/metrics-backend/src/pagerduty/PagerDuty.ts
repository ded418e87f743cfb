import { AuthService } from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { problemsOf } from '@highroad/plugin-metrics-common';
import { z } from 'zod';
import { Bad, QuarantineStore } from '../database/QuarantineStore';
import { Intake } from '../service/Intake';
import { deliverySchema, eventsOf, PAGERDUTY } from './deliveries';
import { IncidentEnvironments } from './IncidentEnvironments';

const ANNOTATION = 'pagerduty.com/service-id';

/** Takes what PagerDuty tells of incidents. */
export class PagerDuty {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;
  readonly #environments: IncidentEnvironments;
  readonly #intake: Intake;
  readonly #now: () => Date;
  readonly #onQuarantine: () => void;
  readonly #quarantine: QuarantineStore;

  constructor(options: {
    auth: AuthService;
    catalog: CatalogService;
    environments: IncidentEnvironments;
    intake: Intake;
    now: () => Date;
    /** Told when something came to the quarantine */
    onQuarantine: () => void;
    quarantine: QuarantineStore;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#environments = options.environments;
    this.#intake = options.intake;
    this.#now = options.now;
    this.#onQuarantine = options.onQuarantine;
    this.#quarantine = options.quarantine;
  }

  /**
   * Takes a delivery whose signature fits. It is not lost any more when this resolves.
   *
   * @returns how many events it was
   */
  async take(body: unknown): Promise<number> {
    const delivery = deliverySchema.safeParse(body);
    if (!delivery.success) {
      // It may name people, and where is not known. So only what is wrong with it is kept.
      await this.#keep({
        ...{ source: PAGERDUTY, payload: {}, cut: true },
        reason: unlike(delivery.error),
      });
      return 0;
    }
    const events = await this.translate(delivery.data);
    if (events === undefined) return 0;
    if ('reason' in events) {
      const { id } = delivery.data.event;
      await this.#keep({
        ...{ source: PAGERDUTY, event: id, payload: delivery.data },
        reason: events.reason,
      });
      return 0;
    }
    await this.#intake.take(events, { source: PAGERDUTY });
    return events.length;
  }

  /** What the ledger takes of a delivery, by what the catalog says now. */
  async translate(body: unknown): ReturnType<typeof eventsOf> {
    const delivery = deliverySchema.safeParse(body);
    if (!delivery.success) return { reason: unlike(delivery.error) };
    return eventsOf(delivery.data, {
      placeOf: about => this.#environments.of(about),
      servicesOf: id => this.#servicesOf(id),
    });
  }

  async #servicesOf(id: string): Promise<string[]> {
    const { items } = await this.#catalog.getEntities(
      {
        filter: {
          kind: 'component',
          [`metadata.annotations.${ANNOTATION}`]: id,
        },
        fields: ['kind', 'metadata.name', 'metadata.namespace'],
      },
      { credentials: await this.#auth.getOwnServiceCredentials() },
    );
    return items.map(item => stringifyEntityRef(item));
  }

  async #keep(bad: Bad): Promise<void> {
    await this.#quarantine.add([bad], this.#now().toISOString());
    this.#onQuarantine();
  }
}

function unlike(error: z.ZodError): string {
  return `it is no delivery of version 3: ${problemsOf(
    error,
  )}. Nothing else of it is kept, so have PagerDuty send it again`;
}
