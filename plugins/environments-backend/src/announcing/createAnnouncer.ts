import { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { CatalogService } from '@backstage/plugin-catalog-node';
import {
  readSlackSettings,
  SlackChannel,
} from '@highroad/plugin-platform-node/slack';
import { Knex } from 'knex';
import { EnvironmentResources } from '../service/EnvironmentResources';
import { PreviewSettings } from '../service/PreviewSettings';
import { AnnouncementStore } from './AnnouncementStore';
import { Announcer } from './Announcer';
import { OwnerChannels } from './OwnerChannels';

/**
 * @returns undefined where Slack is not connected
 * @throws InputError with the path of a bad key under `platform.slack`
 */
export function createAnnouncer(options: {
  auth: AuthService;
  catalog: CatalogService;
  config: Config;
  db: Knex;
  environments: EnvironmentResources;
  holder: string;
  logger: LoggerService;
  now: () => Date;
  random: () => number;
  settings: Pick<PreviewSettings, 'slackChannel'>;
}): Announcer | undefined {
  const { config, db, settings } = options;
  const slack = readSlackSettings(config);
  if (!slack) return undefined;
  const usual = settings.slackChannel ?? slack.channel;
  return new Announcer({
    ...options,
    channels: new OwnerChannels({ ...options, ...(usual && { usual }) }),
    portalUrl: config.getString('app.baseUrl').replace(/\/$/, ''),
    slack: new SlackChannel(slack),
    store: new AnnouncementStore(db),
  });
}
