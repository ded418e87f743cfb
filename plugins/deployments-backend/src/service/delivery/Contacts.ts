import { AuthService } from '@backstage/backend-plugin-api';
import { Entity, RELATION_OWNED_BY } from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';

const SLACK_ANNOTATION = 'platform.myorg.com/slack-channel';

/** Whom a service's deployments concern. */
export interface Contact {
  /** Reference of its owner */
  owner?: string;
  /** Name or id of the channel of the service, or of its owner */
  slackChannel?: string;
}

/** Knows whom to tell about a service. */
export interface Contacts {
  /** Of a service that is not in the catalog any more, nothing is known. */
  of(service: string): Promise<Contact>;
}

/** Contacts as the catalog has them. */
export class CatalogContacts implements Contacts {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;

  constructor(options: { auth: AuthService; catalog: CatalogService }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
  }

  async of(service: string): Promise<Contact> {
    const credentials = await this.#auth.getOwnServiceCredentials();
    const entity = await this.#catalog.getEntityByRef(service, { credentials });
    const owner = entity?.relations?.find(
      ({ type }) => type === RELATION_OWNED_BY,
    )?.targetRef;
    const own = channelOf(entity);
    if (own || !owner) return { owner, slackChannel: own };
    const group = await this.#catalog.getEntityByRef(owner, { credentials });
    return { owner, slackChannel: channelOf(group) };
  }
}

function channelOf(entity: Entity | undefined): string | undefined {
  return entity?.metadata.annotations?.[SLACK_ANNOTATION];
}
