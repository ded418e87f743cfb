import {
  BackstageCredentials,
  UrlReaderService,
} from '@backstage/backend-plugin-api';
import {
  ConflictError,
  InputError,
  NotFoundError,
  ResponseError,
} from '@backstage/errors';
import { ScmIntegrations } from '@backstage/integration';
import { CatalogService } from '@backstage/plugin-catalog-node';
import {
  fetchContents,
  serializeDirectoryContents,
} from '@backstage/plugin-scaffolder-node';
import { Preview, PreviewRequest } from '@highroad/plugin-create-common';
import fs from 'fs-extra';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ScaffolderBackend } from './ScaffolderBackend';
import { templateBaseUrl } from './templateBaseUrl';

const dryRunSchema = z.object({
  output: z.record(z.unknown()).optional(),
  directoryContents: z.array(
    z.object({
      path: z.string(),
      base64Content: z.string(),
      executable: z.boolean().optional(),
    }),
  ),
});

/** The folder of the workspace that a template renders the repository into. */
const SERVICE_FOLDER = 'service/';

/** Finds out what a template would make by having the scaffolder run it dry, with the asking person's rights. */
export class Previews {
  readonly #options: {
    catalog: CatalogService;
    reader: UrlReaderService;
    integrations: ScmIntegrations;
    scaffolder: ScaffolderBackend;
  };

  constructor(options: {
    catalog: CatalogService;
    reader: UrlReaderService;
    integrations: ScmIntegrations;
    scaffolder: ScaffolderBackend;
  }) {
    this.#options = options;
  }

  /**
   * @throws NotFoundError for a template that is not there for this person; InputError or ConflictError if the
   * values do not fit the template or a step refuses them
   */
  async preview(
    request: PreviewRequest,
    credentials: BackstageCredentials,
  ): Promise<Preview> {
    const template = await this.#options.catalog.getEntityByRef(
      request.templateRef,
      { credentials },
    );
    if (!template) {
      throw new NotFoundError(
        `There is no template ${request.templateRef} in the catalog.`,
      );
    }

    const folder = await fs.mkdtemp(join(tmpdir(), 'highroad-preview-'));
    try {
      await fetchContents({
        reader: this.#options.reader,
        integrations: this.#options.integrations,
        baseUrl: templateBaseUrl(template),
        fetchUrl: '.',
        outputPath: folder,
      });
      const files = await serializeDirectoryContents(folder);
      const result = await this.#dryRun(
        {
          template,
          values: request.values,
          secrets: {},
          directoryContents: files.map(file => ({
            path: file.path,
            base64Content: file.content.toString('base64'),
          })),
        },
        credentials,
      );
      return {
        files: result.directoryContents
          .filter(file => file.path.startsWith(SERVICE_FOLDER))
          .map(file => ({
            path: file.path.slice(SERVICE_FOLDER.length),
            size: Buffer.byteLength(file.base64Content, 'base64'),
            executable: file.executable ?? false,
          }))
          .sort((a, b) => (a.path < b.path ? -1 : 1)),
        output: result.output ?? {},
      };
    } finally {
      await fs.remove(folder);
    }
  }

  async #dryRun(
    body: object,
    credentials: BackstageCredentials,
  ): Promise<z.infer<typeof dryRunSchema>> {
    const response = await this.#options.scaffolder.ask('/v2/dry-run', {
      ...{ onBehalfOf: credentials, post: body },
    });
    if (!response.ok) throw await refusal(response);
    return dryRunSchema.parse(await response.json());
  }
}

const invalidValuesSchema = z.object({
  errors: z.array(z.object({ stack: z.string() })).min(1),
});

/** The scaffolder's refusal in the words of the step that refused, rather than as a failed request. */
async function refusal(response: Response): Promise<Error> {
  const invalid = invalidValuesSchema.safeParse(
    await response
      .clone()
      .json()
      .catch(() => undefined),
  );
  if (invalid.success) {
    return new InputError(
      invalid.data.errors
        .map(({ stack }) => stack.replace(/^instance\.?/, ''))
        .join('; '),
    );
  }
  const error = await ResponseError.fromResponse(response);
  switch (error.cause.name) {
    case 'ConflictError':
      return new ConflictError(error.cause.message);
    case 'InputError':
      return new InputError(error.cause.message);
    default:
      return error;
  }
}
