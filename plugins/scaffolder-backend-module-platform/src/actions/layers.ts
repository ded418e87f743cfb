import {
  LoggerService,
  resolveSafeChildPath,
  UrlReaderService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { ScmIntegrations } from '@backstage/integration';
import {
  createTemplateAction,
  fetchContents,
} from '@backstage/plugin-scaffolder-node';
import { JsonValue } from '@backstage/types';
import fs from 'fs-extra';
import { parse } from 'yaml';
import { z as zod } from 'zod';
import { chooseLayers } from '../service/chooseLayers';
import { withRunbook } from '../service/withRunbook';
import { examples } from './layers.examples';

/** Whatever YAML can hold. */
const layerSchema = zod.record(zod.custom<JsonValue>());

/** Lists the layers of a skeleton that a set of answers calls for, in the order they are laid. Has no effects. */
export function createLayersAction(options: {
  reader: UrlReaderService;
  integrations: ScmIntegrations;
}) {
  return createTemplateAction({
    id: 'platform:template:layers',
    description:
      'Lists the layers of a template’s skeleton that the answers call for, and the facts their layer.yaml files give',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        url: z =>
          z
            .string()
            .default('./skeleton')
            .describe('The skeleton, relative to the template or absolute'),
        type: z => z.string(),
        language: z => z.string(),
        database: z => z.string().default('none'),
        delivery: z => z.string().default('rolling'),
      },
      output: {
        layers: z =>
          z
            .array(z.object({ name: z.string(), url: z.string() }))
            .describe('For `each` of a fetch:template step'),
        languageLayer: z => z.record(z.custom<JsonValue>()),
        databaseLayer: z => z.record(z.custom<JsonValue>()),
      },
    },
    handler: ctx =>
      withRunbook(
        () => 'create-files-not-written',
        async () => {
          const { url, ...answers } = ctx.input;
          for (const [field, value] of Object.entries(answers)) {
            if (!/^[a-z0-9-]+$/.test(value)) {
              throw new InputError(`"${value}" is not a ${field}.`);
            }
          }

          const root = resolveSafeChildPath(
            await ctx.createTemporaryDirectory(),
            'skeleton',
          );
          await fetchContents({
            reader: options.reader,
            integrations: options.integrations,
            baseUrl: ctx.templateInfo?.baseUrl,
            fetchUrl: url,
            outputPath: root,
          });

          const layers = await chooseLayers(root, answers);
          announce(ctx.logger, layers);
          ctx.output(
            'layers',
            layers.map(name => ({
              name,
              url: `${url.replace(/\/$/, '')}/${name}`,
            })),
          );
          ctx.output(
            'languageLayer',
            await readLayer(root, `languages/${answers.language}`),
          );
          ctx.output(
            'databaseLayer',
            await readLayer(root, `databases/${answers.database}`),
          );
        },
      ),
  });
}

function announce(logger: LoggerService, layers: string[]) {
  logger.info(`Layers: ${layers.join(', ')}`);
}

async function readLayer(
  root: string,
  folder: string,
): Promise<Record<string, JsonValue>> {
  const path = resolveSafeChildPath(root, `${folder}/layer.yaml`);
  if (!(await fs.pathExists(path))) return {};
  const parsed = layerSchema.safeParse(
    parse(await fs.readFile(path, 'utf8')) ?? {},
  );
  if (!parsed.success) {
    throw new InputError(`${folder}/layer.yaml must be a map of facts.`);
  }
  return parsed.data;
}
