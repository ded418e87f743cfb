import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Publish a folder of the workspace on GitHub',
    example: stringify({
      steps: [
        {
          id: 'publish',
          name: 'Publish',
          action: 'platform:publish:github',
          input: {
            repoUrl:
              'github.com?owner=payments-team&repo=${{ parameters.name }}',
            sourcePath: './service',
          },
        },
      ],
    }),
  },
];
