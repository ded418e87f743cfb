import { ServiceRepository } from './ServiceRepositories';
import { Issue } from './shapes';

/** Which issues are tickets to the platform's people. */
export interface TicketSettings {
  /** Issues with this label are */
  label: string;
  /** Repositories, besides those of services, in which people write them */
  repositories: string[];
}

/** A label such as `service:cart` says which service it is about. */
const SERVICE_LABEL = /^service:([a-z0-9][a-z0-9_.-]{0,62})$/i;

/** References of the services that a ticket is about; those of its repository where it names none. */
export function servicesOf(
  { labels }: Issue,
  { services }: Pick<ServiceRepository, 'services'>,
  { label }: TicketSettings,
): string[] {
  if (!labels.includes(label)) return [];
  const named = labels.flatMap(one => {
    const [, name] = SERVICE_LABEL.exec(one) ?? [];
    return name ? [`component:default/${name.toLocaleLowerCase('en-US')}`] : [];
  });
  return named.length > 0 ? named : services;
}
