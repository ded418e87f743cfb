import { LoggerService } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { NotificationService } from '@backstage/plugin-notifications-node';
import {
  readSlackSettings,
  SlackChannel,
} from '@highroad/plugin-platform-node/slack';
import { hostname } from 'node:os';
import { DeliveryStore } from '../../database/DeliveryStore';
import { ReadStore } from '../../database/ReadStore';
import { Environments } from '../EnvironmentSettings';
import { Contacts } from './Contacts';
import { Deliverer } from './Deliverer';
import { NotificationTarget } from './NotificationTarget';
import { SlackTarget } from './SlackTarget';
import { Target } from './Target';

/**
 * One deliverer for each target that is connected.
 *
 * @throws InputError with the path of a bad key under `platform.slack`
 */
export async function createDeliverers(options: {
  config: Config;
  contacts: Contacts;
  environments: Environments;
  logger: LoggerService;
  notifications: NotificationService;
  now: () => Date;
  reader: ReadStore;
  store: DeliveryStore;
}): Promise<Deliverer[]> {
  const { config, contacts, environments, notifications, store } = options;
  const { logger, now, reader } = options;
  const targets: Target[] = [
    new NotificationTarget({ contacts, notifications }),
  ];
  const slack = readSlackSettings(config);
  if (slack) {
    const channels = new Map(
      environments.all().map(one => [one.name, one.slackChannel]),
    );
    targets.push(
      new SlackTarget({
        baseUrl: config.getString('app.baseUrl'),
        channelOf: environment => channels.get(environment) ?? slack.channel,
        contacts,
        slack: new SlackChannel(slack),
      }),
    );
  }
  for (const { name } of targets) await store.add(name);
  return targets.map(
    target =>
      new Deliverer({
        ...{ logger, now, reader, store, target },
        holder: `${hostname()}-${process.pid}`,
        random: Math.random,
      }),
  );
}
