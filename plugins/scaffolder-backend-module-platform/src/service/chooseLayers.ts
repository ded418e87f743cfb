import { InputError } from '@backstage/errors';
import fs from 'fs-extra';
import { join } from 'node:path';

/** The answers that decide which layers a service is made of. */
export interface LayerAnswers {
  type: string;
  language: string;
  /** `none` for no database */
  database: string;
  delivery: string;
}

/**
 * The folders of a skeleton that answers call for, in the order they are laid: a later one may replace a file of an
 * earlier one. A folder that does not exist makes no difference and is left out, except those without which the
 * answers could not be met.
 *
 * @throws InputError naming the answer that this skeleton has nothing for, and those it has something for
 */
export async function chooseLayers(
  root: string,
  answers: LayerAnswers,
): Promise<string[]> {
  const { type, language, database, delivery } = answers;
  const hasDatabase = database !== 'none';

  await requireChoice(root, 'languages', language, 'language');
  if (!(await fs.pathExists(join(root, 'languages', language, type)))) {
    throw new InputError(`There is no ${type} in ${language}.`);
  }
  if (hasDatabase) {
    await requireChoice(root, 'databases', database, 'database');
    await requireForType(root, answers);
    const client = join(root, 'databases', database, language);
    const own = join(root, 'languages', language, database);
    if (!(await fs.pathExists(client)) && !(await fs.pathExists(own))) {
      throw new InputError(
        `There is no ${database} client for ${language} yet.`,
      );
    }
  }
  await requireChoice(root, 'delivery', delivery, 'delivery');

  const wanted = [
    'base',
    `types/${type}`,
    `languages/${language}/common`,
    `languages/${language}/${type}`,
    ...(hasDatabase
      ? [
          `databases/${database}/common`,
          `databases/${database}/${language}`,
          `databases/${database}/${language}-${type}`,
          // A language that comes with its own client keeps it in its own folder.
          `languages/${language}/${database}`,
          `languages/${language}/${database}-${type}`,
        ]
      : []),
    `delivery/${delivery}`,
  ];
  const present = await Promise.all(
    wanted.map(folder => fs.pathExists(join(root, folder))),
  );
  return wanted.filter((_, index) => present[index]);
}

async function requireChoice(
  root: string,
  folder: string,
  choice: string,
  field: string,
): Promise<void> {
  const entries = await fs.readdir(join(root, folder));
  if (!entries.includes(choice)) {
    throw new InputError(
      `There is no ${field} "${choice}" here. Choose one of: ${entries
        .sort()
        .join(', ')}.`,
    );
  }
}

/** Where a client comes in parts for types, a type without a part of its own is not meant to have it. */
async function requireForType(
  root: string,
  { type, language, database }: LayerAnswers,
): Promise<void> {
  const parts = (await fs.readdir(join(root, 'databases', database))).filter(
    name => name.startsWith(`${language}-`),
  );
  if (parts.length > 0 && !parts.includes(`${language}-${type}`)) {
    throw new InputError(`A ${type} in ${language} takes no ${database}.`);
  }
}
