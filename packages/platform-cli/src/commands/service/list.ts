import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { table } from '../../output/table';
import { Portal } from '../../portal/Portal';
import { shortRef } from './resolveService';
import { text } from './entityText';

export const list: CommandDefinition = {
  path: ['service', 'list'],
  summary: 'List services: your teams’, one team’s, or all',
  examples: [
    'platform service list',
    'platform service list --owner payments-team',
    'platform service list --all --json',
  ],
  configure: command =>
    command
      .option('--owner <team>', 'services of this team')
      .option('--all', 'services of everyone'),
  async run(
    { output, portal }: CommandContext,
    options: { owner?: string; all?: boolean },
  ) {
    const connected = await portal();
    const owners = options.owner
      ? [ownerRef(options.owner)]
      : (await connected.identity()).ownership;
    const items: Entity[] = [];
    // Page by page: the catalog's list of everything ends in the middle, and says nothing, where it is refused.
    for await (const page of connected.catalog.streamEntities({
      filter: {
        kind: 'component',
        'relations.ownedBy': options.all ? CATALOG_FILTER_EXISTS : owners,
      },
      fields: [
        'kind',
        'metadata.name',
        'metadata.namespace',
        'metadata.description',
        'spec.type',
        'spec.lifecycle',
        'spec.owner',
      ],
      orderFields: { field: 'metadata.name', order: 'asc' },
    })) {
      items.push(...page);
    }
    if (items.length === 0 && options.owner) {
      await requireOwner(connected, owners[0]);
    }
    const services = items.map(item => ({
      name: shortRef(stringifyEntityRef(item)),
      ref: stringifyEntityRef(item),
      type: text(item, 'type'),
      lifecycle: text(item, 'lifecycle'),
      owner: text(item, 'owner'),
      description: item.metadata.description ?? '',
    }));
    output.answer(services, () => {
      if (services.length === 0) {
        return options.all
          ? 'There are no services yet.\nCreate one: platform service create my-service --type api --language go'
          : 'No services here.\nEveryone’s: platform service list --all';
      }
      return table(
        ['NAME', 'TYPE', 'LIFECYCLE', 'OWNER', 'WHAT IT DOES'],
        services.map(s => [
          s.name,
          s.type,
          s.lifecycle,
          shortRef(s.owner.replace(/^group:/, '')),
          s.description,
        ]),
        output.width,
      );
    });
  },
};

/** @throws CliError if there is no such team: its services are not none, but unknown */
async function requireOwner(portal: Portal, ref: string): Promise<void> {
  if (await portal.catalog.getEntityByRef(ref)) return;
  throw new CliError(`There is no ${ref} in the catalog.`, {
    why: 'Its name is misspelt, or you may not see it.',
    fix: 'List everything with its owners: platform service list --all',
    exitCode: exitCodes.notFound,
  });
}

function ownerRef(owner: string): string {
  if (owner.includes(':')) return owner;
  return `group:${owner.includes('/') ? owner : `default/${owner}`}`;
}
