import { AuthService } from '@backstage/backend-plugin-api';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { slackChannelSchema } from '@highroad/plugin-platform-node/slack';

const SLACK_ANNOTATION = 'platform.myorg.com/slack-channel';

/** Where in Slack a team is told of its environments. */
export class OwnerChannels {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;
  readonly #usual: string | undefined;

  /** @param options.usual - for teams that have none of their own */
  constructor(options: {
    auth: AuthService;
    catalog: CatalogService;
    usual?: string;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#usual = options.usual;
  }

  /** @returns undefined for who is told nowhere */
  async of(owner: string | undefined): Promise<string | undefined> {
    if (!owner) return this.#usual;
    const credentials = await this.#auth.getOwnServiceCredentials();
    const group = await this.#catalog.getEntityByRef(owner, { credentials });
    // What is no channel is a finding on the group's page, and must not keep the message back.
    const own = slackChannelSchema.safeParse(
      group?.metadata.annotations?.[SLACK_ANNOTATION],
    );
    return own.success ? own.data : this.#usual;
  }
}
