import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { GitHosts } from '../git-hosts/GitHosts';
import { withRunbook } from '../service/withRunbook';
import { examples } from './describe.examples';

/** Ends the making of a repository: its description is its own from here on, and no creation takes it back any more. */
export function createDescribeAction(options: { gitHosts: GitHosts }) {
  return createTemplateAction({
    id: 'platform:repository:describe',
    description: 'Says at the Git host what a repository is for',
    examples,
    supportsDryRun: false,
    schema: {
      input: {
        host: z => z.string().describe('A connected Git host'),
        owner: z => z.string(),
        name: z => z.string(),
        description: z => z.string(),
      },
    },
    handler: ctx =>
      withRunbook(
        () => 'create-repository-failed',
        async () => {
          const { host, owner, name, description } = ctx.input;
          const gitHost = await options.gitHosts.get(host);
          await gitHost.describe({ owner, name }, description);
        },
      ),
  });
}
