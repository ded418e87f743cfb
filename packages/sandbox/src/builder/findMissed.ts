import { Build, BuildRef, hasEnded } from '@highroad/plugin-sandbox-common';
import { z } from 'zod';
import { Connection } from '../connection/schema';
import { giteaRequest } from '../servers/giteaApi';
import { readStatus } from './commitStatus';
import { BuildRequest, repositoryName } from './deliveries';
import { sameHead } from './queueRules';

const PAGE = 50;
const commit = z.string().regex(/^[0-9a-f]{40,64}$/);
const repositoriesSchema = z.array(
  z.object({ full_name: repositoryName, empty: z.boolean() }),
);
const branchesSchema = z.array(
  z.object({ name: z.string(), commit: z.object({ id: commit }) }),
);
const pullRequestsSchema = z.array(
  z.object({
    number: z.number().int(),
    head: z.object({ sha: commit, ref: z.string() }),
  }),
);

/** What a look at all heads found. */
export interface Missed {
  /** Heads that nobody has built */
  requests: BuildRequest[];
  /** Builds that have ended and whose commit does not say so */
  untold: Build[];
}

/**
 * Looks at the heads of all branches and open pull requests of the organisation for what no delivery told: one may
 * have been sent while the builder was not there, and Gitea does not send it again.
 */
export async function findMissed(
  gitea: Connection['gitea'],
  builds: Build[],
): Promise<Missed> {
  const missed: Missed = { requests: [], untold: [] };
  const repositories = await all(
    gitea,
    `orgs/${gitea.organization}/repos`,
    repositoriesSchema,
  );
  for (const { full_name: repository, empty } of repositories) {
    if (empty) continue;
    for (const head of await headsOf(gitea, repository)) {
      const known = builds
        .filter(
          build =>
            build.repository === repository &&
            build.commit === head.commit &&
            sameHead(build.ref, head.ref),
        )
        .sort((a, b) => b.id.localeCompare(a.id))[0];
      if (known && !hasEnded(known)) continue;
      const status = await readStatus(gitea, repository, head.commit);
      const open = status === undefined || status === 'pending';
      if (known) {
        if (open) missed.untold.push(known);
      } else if (open || head.ref.kind === 'pull-request') {
        missed.requests.push({ repository, ...head, cause: 'found' });
      }
    }
  }
  return missed;
}

async function headsOf(
  gitea: Connection['gitea'],
  repository: string,
): Promise<{ commit: string; ref: BuildRef }[]> {
  const branches = await all(
    gitea,
    `repos/${repository}/branches`,
    branchesSchema,
  );
  const pulls = await all(
    gitea,
    `repos/${repository}/pulls?state=open`,
    pullRequestsSchema,
  );
  return [
    ...branches.map(branch => ({
      commit: branch.commit.id,
      ref: { kind: 'branch' as const, branch: branch.name },
    })),
    ...pulls.map(({ number, head }) => ({
      commit: head.sha,
      ref: { kind: 'pull-request' as const, number, branch: head.ref },
    })),
  ];
}

async function all<T>(
  gitea: Connection['gitea'],
  path: string,
  schema: z.ZodType<T[], z.ZodTypeDef, unknown>,
): Promise<T[]> {
  const found: T[] = [];
  for (let page = 1; ; page += 1) {
    const joint = path.includes('?') ? '&' : '?';
    const rows = schema.parse(
      await giteaRequest(
        gitea,
        'GET',
        `${path}${joint}limit=${PAGE}&page=${page}`,
      ),
    );
    found.push(...rows);
    if (rows.length < PAGE) return found;
  }
}
