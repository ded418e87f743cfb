import { Entity } from '@backstage/catalog-model';
import { JsonValue } from '@backstage/types';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { ROOT } from '../../support/portal';

/** The template "Service" of this checkout. */
export const SERVICE_TEMPLATE = join(ROOT, 'catalog-templates/service');

/** A template and the files beside it, as the scaffolder takes them for a dry run. */
export interface TemplateFolder {
  entity: Entity;
  contents: Array<{ path: string; base64Content: string }>;
}

const jsonSchema: z.ZodType<JsonValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(jsonSchema),
    z.record(jsonSchema),
  ]),
);

const entitySchema = z
  .object({
    apiVersion: z.string(),
    kind: z.literal('Template'),
    metadata: z.object({ name: z.string() }).catchall(jsonSchema),
    spec: z.record(jsonSchema),
  })
  .strict();

export async function readTemplateFolder(
  folder: string,
): Promise<TemplateFolder> {
  const files = await filesOf(folder);
  return {
    entity: entitySchema.parse(
      parse(await readFile(join(folder, 'template.yaml'), 'utf8')),
    ),
    contents: await Promise.all(
      files.map(async file => ({
        path: relative(folder, file).split(sep).join('/'),
        base64Content: await readFile(file, 'base64'),
      })),
    ),
  };
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = await Promise.all(
    entries.map(entry => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesOf(path) : [path];
    }),
  );
  return nested.flat().sort();
}
