import { stringifyEntityRef } from '@backstage/catalog-model';
import { ConflictError, InputError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { isDeepStrictEqual } from 'node:util';
import { DEFAULT_BRANCH, ServiceNames } from '../service/ServiceNames';
import { resolveReference } from '../service/resolveReference';
import { creationMark } from '../git-hosts/creationMark';
import { CanaryRouter } from '../service/canaryRouter';
import { imageName } from '../service/imageName';
import { modulePath } from '../service/modulePath';
import { claimRunbook, withRunbook } from '../service/withRunbook';
import { examples } from './claim.examples';

/** Checks that a service can be created under a name and works out every address it will have. Has no effects. */
export function createClaimAction(options: {
  names: ServiceNames;
  catalog: CatalogService;
  imagePrefix?: string;
  modulePrefix?: string;
  /** What hosts of services end in; empty where nobody said */
  domain?: string;
  /** What splits the traffic of canaries */
  canaryRouter?: CanaryRouter;
  now?: () => Date;
}) {
  const {
    names,
    catalog,
    imagePrefix,
    modulePrefix,
    domain,
    canaryRouter = 'none',
    now = () => new Date(),
  } = options;

  return createTemplateAction({
    id: 'platform:service:claim',
    description:
      'Checks that a service can have a name, in the catalog and at the Git host, and returns the addresses it will have',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        name: z => z.string().describe('Name of the service, a DNS label'),
        owner: z => z.string().describe('Entity reference of the owning team'),
        system: z =>
          z
            .string()
            .optional()
            .describe('Entity reference of the system it belongs to'),
        gitHost: z =>
          z
            .string()
            .optional()
            .describe('Git host as configured, or "local"; empty for default'),
        gitOwner: z =>
          z
            .string()
            .optional()
            .describe('Organisation or user there; empty for the default'),
        answers: z =>
          z
            .record(z.unknown())
            .optional()
            .describe(
              'All answers; an unfinished creation is taken up only if they are the same',
            ),
      },
      output: {
        unfinished: z =>
          z
            .boolean()
            .describe('An earlier creation already made the repository'),
        abandoned: z =>
          z
            .string()
            .describe(
              'The earlier creation that left an empty repository there, to be taken back first; or empty',
            ),
        mark: z =>
          z
            .string()
            .describe(
              'Description to make the repository with, until it is filled; by it this creation knows it again',
            ),
        gitHost: z => z.enum(['github', 'gitea', 'local']),
        host: z => z.string().describe('The Git host as configured'),
        owner: z => z.string().describe('Full entity reference'),
        ownerName: z => z.string(),
        system: z => z.string().describe('Full entity reference, or empty'),
        systemName: z => z.string(),
        repository: z =>
          z.object({
            owner: z.string(),
            slug: z.string(),
            path: z.string(),
            url: z.string(),
            defaultBranch: z.string(),
          }),
        repoUrl: z => z.string().describe('Input of the publish actions'),
        cloneUrl: z => z.string().describe('What git clone takes'),
        catalogInfoUrl: z => z.string(),
        domain: z => z.string().describe('What hosts of services end in'),
        canaryRouter: z =>
          z
            .enum(['none', 'nginx'])
            .describe('What splits the traffic of canaries'),
        image: z => z.string().describe('Image name without a tag'),
        entityRef: z => z.string(),
        date: z => z.string().describe('Today in UTC, YYYY-MM-DD'),
      },
    },
    handler: ctx =>
      withRunbook(claimRunbook, async () => {
        const { name, gitHost, gitOwner, answers } = ctx.input;
        const credentials = await ctx.getInitiatorCredentials();

        const read = { catalog, credentials };
        const ownerRef = await resolveReference('owner', ctx.input.owner, read);
        const owner = stringifyEntityRef(ownerRef);
        const system = ctx.input.system
          ? await resolveReference('system', ctx.input.system, read)
          : undefined;

        const verdict = await names.check(
          { name, gitHost, gitOwner, owner, task: ctx.task.id },
          credentials,
        );
        if (verdict.kind === 'invalid') {
          throw new InputError(`The name "${name}": ${verdict.problem}`);
        }
        if (verdict.kind === 'taken') throw new ConflictError(verdict.problem);

        const { host } = verdict;
        const slug = `${verdict.gitOwner}/${name}`;
        const at = { kind: host.info.kind, host: host.info.host, slug };
        if (verdict.kind === 'unfinished') {
          if (!isDeepStrictEqual(given(verdict.answers), given(answers))) {
            throw new ConflictError(
              `Repository ${slug} exists on ${host.info.title}, made by a creation with other answers that did not get as far as the catalog. ` +
                'Repeat it with the same answers, delete the repository, or choose another name.',
            );
          }
          ctx.logger.info(
            `Taking up the creation that left ${slug} unfinished`,
          );
        }

        const addresses = host.addresses(
          { owner: verdict.gitOwner, name },
          DEFAULT_BRANCH,
        );
        ctx.logger.info(`${name} will be at ${addresses.url}`);

        ctx.output('unfinished', verdict.kind === 'unfinished');
        ctx.output(
          'abandoned',
          (verdict.kind === 'free' && verdict.abandoned) || '',
        );
        ctx.output('mark', creationMark(ctx.task.id));
        ctx.output('gitHost', host.info.kind);
        ctx.output('host', host.info.host);
        ctx.output('owner', owner);
        ctx.output('ownerName', ownerRef.name);
        ctx.output('system', system ? stringifyEntityRef(system) : '');
        ctx.output('systemName', system?.name ?? '');
        ctx.output('repository', {
          owner: verdict.gitOwner,
          slug,
          path: modulePath(at, { prefix: modulePrefix, domain }),
          url: addresses.url,
          defaultBranch: DEFAULT_BRANCH,
        });
        ctx.output('repoUrl', addresses.repoUrl);
        ctx.output('cloneUrl', addresses.cloneUrl);
        ctx.output('catalogInfoUrl', addresses.catalogInfoUrl);
        ctx.output('image', imageName(at, imagePrefix));
        ctx.output('domain', domain ?? 'example.com');
        ctx.output('canaryRouter', canaryRouter);
        ctx.output('entityRef', `component:default/${name}`);
        ctx.output('date', now().toISOString().slice(0, 10));
      }),
  });
}

/** Answers without those left empty: a form and a command line leave out different ones. */
function given(answers: unknown): Record<string, unknown> {
  if (typeof answers !== 'object' || answers === null) return {};
  return Object.fromEntries(
    Object.entries(answers).filter(
      ([, value]) => value !== undefined && value !== null && value !== '',
    ),
  );
}
