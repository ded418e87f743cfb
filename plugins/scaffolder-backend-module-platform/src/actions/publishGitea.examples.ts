import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Publish a folder of the workspace on Gitea',
    example: stringify({
      steps: [
        {
          id: 'publish',
          name: 'Publish',
          action: 'platform:publish:gitea',
          input: {
            repoUrl:
              'git.example.com?owner=payments-team&repo=${{ parameters.name }}',
            sourcePath: './service',
          },
        },
      ],
    }),
  },
];
