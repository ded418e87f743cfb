import { stringifyEntityRef } from '@backstage/catalog-model';
import { CommandContext, CommandDefinition } from '../../command';
import { resolveService, shortRef } from './resolveService';
import { text } from './entityText';

export const show: CommandDefinition = {
  path: ['service', 'show'],
  summary: 'Show what a service is, who owns it and what depends on it',
  examples: ['platform service show payment-service'],
  configure: command => command.argument('<name>', 'the service'),
  async run({ output, portal }: CommandContext, name: string) {
    const connected = await portal();
    const entity = await resolveService(connected, name);
    const ref = stringifyEntityRef(entity);
    const { metadata } = entity;
    const [dependents, { findings }] = await Promise.all([
      connected.dependencies.dependents(ref),
      connected.dependencies.entityFindings(ref),
    ]);
    const [kind, place] = ref.split(':');
    const page = connected.page(`/catalog/${place.replace('/', `/${kind}/`)}`);

    output.answer(
      {
        ref,
        title: metadata.title ?? metadata.name,
        description: metadata.description ?? null,
        type: text(entity, 'type'),
        lifecycle: text(entity, 'lifecycle'),
        owner: text(entity, 'owner'),
        system: text(entity, 'system') || null,
        tags: metadata.tags ?? [],
        links: metadata.links ?? [],
        dependents: dependents.items.length,
        findings,
        page,
      },
      () => {
        const rows: Array<[string, string]> = [
          ['What', metadata.description ?? ''],
          ['Type', `${text(entity, 'type')}, ${text(entity, 'lifecycle')}`],
          ['Owner', text(entity, 'owner').replace(/^group:(default\/)?/, '')],
          ['System', text(entity, 'system')],
          ['Tags', (metadata.tags ?? []).join(', ')],
          [
            'If it breaks',
            dependents.items.length === 0
              ? 'nothing else does'
              : `${dependents.items.length} more ${
                  dependents.items.length === 1 ? 'breaks' : 'break'
                }: platform dependents ${shortRef(ref)}`,
          ],
          ...(metadata.links ?? []).map((link): [string, string] => [
            link.title ?? 'Link',
            link.url,
          ]),
          ['Page', page],
        ];
        const shown = rows.filter(([, value]) => value !== '');
        const width = Math.max(...shown.map(([label]) => label.length));
        return [
          output.paint.bold(metadata.title ?? metadata.name),
          ...shown.map(([label, value]) => `${label.padEnd(width)}  ${value}`),
          ...findings.map(
            finding =>
              `${output.paint.yellow('!')} ${finding.field}: ${
                finding.message
              } ${finding.fix}`,
          ),
        ].join('\n');
      },
    );
  },
};
