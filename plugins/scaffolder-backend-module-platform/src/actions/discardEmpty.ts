import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { GitHosts } from '../git-hosts/GitHosts';
import { examples } from './discardEmpty.examples';

/**
 * Takes back a repository that a failed creation made but never filled, so that the next try finds its name free.
 * What anybody else made is left alone, and so is a repository with so much as one commit.
 */
export function createDiscardEmptyAction(options: { gitHosts: GitHosts }) {
  return createTemplateAction({
    id: 'platform:repository:discard-empty',
    description:
      'Removes a repository that a creation made and that has no commit yet; for the end of one that failed',
    examples,
    supportsDryRun: false,
    schema: {
      input: {
        host: z => z.string().describe('A connected Git host'),
        owner: z => z.string(),
        name: z => z.string(),
        creation: z =>
          z
            .string()
            .optional()
            .describe('The creation that made it; default: this one'),
      },
      output: {
        discarded: z => z.boolean(),
      },
    },
    async handler(ctx) {
      const { host, owner, name } = ctx.input;
      const gitHost = await options.gitHosts.get(host);
      const discarded = await gitHost.discardEmpty(
        { owner, name },
        ctx.input.creation ?? ctx.task.id,
      );
      ctx.logger.info(
        discarded
          ? `Removed the empty repository ${owner}/${name}`
          : `Nothing to take back at ${owner}/${name}`,
      );
      ctx.output('discarded', discarded);
    },
  });
}
