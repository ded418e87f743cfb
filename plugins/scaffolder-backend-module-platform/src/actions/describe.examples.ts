import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Describe what was published',
    example: stringify({
      steps: [
        {
          id: 'describe',
          name: 'Describe it',
          action: 'platform:repository:describe',
          input: {
            host: '${{ steps.claim.output.host }}',
            owner: '${{ steps.claim.output.repository.owner }}',
            name: '${{ parameters.name }}',
            description: '${{ parameters.description }}',
          },
        },
      ],
    }),
  },
];
