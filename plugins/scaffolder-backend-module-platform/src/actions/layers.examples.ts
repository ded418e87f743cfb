import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Lay a skeleton in layers',
    example: stringify({
      steps: [
        {
          id: 'layers',
          name: 'Choose layers',
          action: 'platform:template:layers',
          input: {
            type: '${{ parameters.type }}',
            language: '${{ parameters.language }}',
            database: '${{ parameters.database }}',
          },
        },
        {
          id: 'render',
          name: 'Write files',
          each: '${{ steps.layers.output.layers }}',
          action: 'fetch:template',
          input: {
            url: '${{ each.value.url }}',
            templateFileExtension: true,
            replace: true,
            values: { name: '${{ parameters.name }}' },
          },
        },
      ],
    }),
  },
];
