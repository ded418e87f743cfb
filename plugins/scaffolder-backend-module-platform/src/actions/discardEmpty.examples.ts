import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Leave nothing behind when publishing fails',
    example: stringify({
      steps: [
        {
          id: 'undo',
          name: 'Take back',
          if: '${{ failure() }}',
          action: 'platform:repository:discard-empty',
          input: {
            host: '${{ steps.claim.output.host }}',
            owner: '${{ steps.claim.output.repository.owner }}',
            name: '${{ parameters.name }}',
          },
        },
      ],
    }),
  },
];
