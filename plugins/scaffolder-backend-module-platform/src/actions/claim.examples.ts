import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Check a name before anything is made, and use its addresses',
    example: stringify({
      steps: [
        {
          id: 'claim',
          name: 'Check the name',
          action: 'platform:service:claim',
          input: {
            name: '${{ parameters.name }}',
            owner: '${{ parameters.owner }}',
            gitHost: '${{ parameters.gitHost }}',
            answers: '${{ parameters }}',
          },
        },
      ],
    }),
  },
];
