import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Publish a folder of the workspace on this machine',
    example: stringify({
      steps: [
        {
          id: 'publish',
          name: 'Publish',
          action: 'platform:publish:local',
          input: {
            owner: 'payments-team',
            name: '${{ parameters.name }}',
            sourcePath: './service',
          },
        },
      ],
    }),
  },
];
