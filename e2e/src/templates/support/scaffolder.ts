import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import scaffolderPlugin from '@backstage/plugin-scaffolder-backend';
import scaffolderModuleGitea from '@backstage/plugin-scaffolder-backend-module-gitea';
import scaffolderModuleGithub from '@backstage/plugin-scaffolder-backend-module-github';
import scaffolderModulePlatform from '@highroad/plugin-scaffolder-backend-module-platform';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { TemplateFolder } from './templateFolder';

/** A file as the scaffolder left it in its workspace. */
export interface RenderedFile {
  path: string;
  content: Buffer;
  executable: boolean;
}

/** The scaffolder of a portal, with the actions and filters that come with it and the platform's own. */
export interface Scaffolder {
  /**
   * Runs a template without its effects.
   *
   * @returns the files of the repository that it would publish
   * @throws Error with the scaffolder's words if it refuses the answers
   */
  render(
    template: TemplateFolder,
    answers: Record<string, unknown>,
  ): Promise<RenderedFile[]>;
  stop(): Promise<void>;
}

/** Git hosts that repositories are rendered for, beside `local`. */
export const GITHUB = 'github.example';
export const GITEA = 'gitea.example';

/** The folder of the workspace that a template renders the repository into. */
const REPOSITORY = 'service/';

const dryRunSchema = z.object({
  directoryContents: z.array(
    z.object({
      path: z.string(),
      base64Content: z.string(),
      executable: z.boolean().optional(),
    }),
  ),
});

/** What the answers refer to. */
const ENTITIES: Entity[] = [
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name: 'payments-team', namespace: 'default' },
    spec: { type: 'team', children: [] },
  },
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'System',
    metadata: { name: 'billing', namespace: 'default' },
    spec: { owner: 'group:default/payments-team' },
  },
];

/** @param create - configuration under `platform.create`, beside where repositories go */
export async function startScaffolder(create = {}): Promise<Scaffolder> {
  const repositories = await mkdtemp(join(tmpdir(), 'highroad-repositories-'));
  const gitHosts = await startEmptyGitHosts();
  const backend = await startTestBackend({
    features: [
      scaffolderPlugin,
      scaffolderModuleGithub,
      scaffolderModuleGitea,
      scaffolderModulePlatform,
      catalogServiceMock.factory({ entities: ENTITIES }),
      mockServices.rootConfig.factory({
        data: {
          app: { baseUrl: 'http://localhost:3000' },
          platform: {
            localRepositories: { directory: repositories },
            create: { gitHost: 'local', gitOwner: 'acme', ...create },
          },
          integrations: {
            github: [
              { host: GITHUB, apiBaseUrl: gitHosts.url, token: 'for-tests' },
            ],
            gitea: [
              {
                host: GITEA,
                baseUrl: gitHosts.url,
                username: 'tests',
                password: 'for-tests',
              },
            ],
          },
        },
      }),
    ],
  });
  const address = `http://localhost:${backend.server.port()}/api/scaffolder/v2/dry-run`;

  return {
    async render(template, answers) {
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          template: template.entity,
          values: answers,
          secrets: {},
          directoryContents: template.contents,
        }),
      });
      const text = await response.text();
      if (!response.ok) {
        throw new Error(`The scaffolder answered ${response.status}: ${text}`);
      }
      return dryRunSchema
        .parse(JSON.parse(text))
        .directoryContents.filter(({ path }) => path.startsWith(REPOSITORY))
        .map(({ path, base64Content, executable = false }) => ({
          path: path.slice(REPOSITORY.length),
          content: Buffer.from(base64Content, 'base64'),
          executable,
        }));
    },
    async stop() {
      await backend.stop();
      await gitHosts.stop();
      await rm(repositories, { recursive: true, force: true });
    },
  };
}

/** GitHub and Gitea cannot run here; all that rendering asks of them is whether a repository is there, and none is. */
function startEmptyGitHosts(): Promise<{
  url: string;
  stop(): Promise<void>;
}> {
  const server = createServer((_, response) =>
    response.writeHead(404, { 'Content-Type': 'application/json' }).end('{}'),
  );
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address !== 'object' || !address) {
        reject(new Error('The Git hosts have no port'));
        return;
      }
      resolve({
        url: `http://127.0.0.1:${address.port}`,
        stop: () =>
          new Promise(done => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}
