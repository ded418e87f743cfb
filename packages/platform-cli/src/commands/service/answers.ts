import { explainServiceName } from '@highroad/plugin-create-common';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { Output } from '../../output/Output';
import { Portal } from '../../portal/Portal';
import { Property, TemplateParameters } from '../../portal/ScaffolderTasks';

/** One question of a template. */
export interface Question {
  key: string;
  title: string;
  choices?: string[];
  /** How people read each choice */
  names?: string[];
  required: boolean;
  default?: unknown;
}

type Answers = Record<string, string | undefined>;

/** How a person is asked. Loaded when somebody is, since few are. */
export interface Prompts {
  input(config: {
    message: string;
    required: boolean;
    validate: (text: string) => Promise<string | true>;
  }): Promise<string>;
  select(config: {
    message: string;
    choices: Array<{ value: string; name?: string }>;
    default?: string;
  }): Promise<string>;
}

/**
 * The answers to a template: those given, the defaults, and for required ones that are missing, what a person at a
 * terminal says. Whoever is asked for one of them is asked for all choices, as by the form; whoever gives them is not.
 *
 * @throws CliError listing every answer that is missing or not possible
 */
export async function completeAnswers(
  portal: Portal,
  template: string,
  given: Answers,
  output: Output,
  prompts: () => Promise<Prompts> = () => import('@inquirer/prompts'),
): Promise<Record<string, unknown>> {
  const parameters = await portal.tasks.parameters(template);
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    if (value !== undefined) values[key] = value;
  }

  const missing: Question[] = [];
  const asked = new Set<string>();
  // Answers open further questions, so the list is made anew after each one.
  for (;;) {
    const question = questions(parameters, values).find(
      item =>
        (item.required || (asked.size > 0 && item.choices)) &&
        values[item.key] === undefined &&
        !missing.includes(item) &&
        !missing.some(known => known.key === item.key),
    );
    if (!question) break;
    const own =
      question.key === 'owner' ? await ownTeams(portal) : question.choices;
    if (question.key === 'owner' && own?.length === 1) {
      values.owner = own[0];
    } else if (output.asks) {
      asked.add(question.key);
      values[question.key] = await ask(
        { ...question, choices: own },
        { portal, ...(await prompts()) },
      );
    } else {
      missing.push({ ...question, choices: own });
    }
  }
  if (missing.length > 0) throw missingAnswers(missing);

  const known = questions(parameters, values);
  checkAnswers(values, known);
  for (const { key, default: standard } of known) {
    if (values[key] === undefined && standard !== undefined) {
      values[key] = standard;
    }
  }
  return values;
}

/** The questions that a template asks, given the answers so far. */
export function questions(
  parameters: TemplateParameters,
  values: Record<string, unknown>,
): Question[] {
  return parameters.steps.flatMap(({ schema }) => {
    const openedBy = (key: string) => {
      const answer = values[key] ?? schema.properties?.[key]?.default;
      const branch = schema.dependencies?.[key]?.oneOf.find(option =>
        option.properties?.[key]?.enum?.includes(String(answer)),
      );
      const { [key]: _, ...others } = branch?.properties ?? {};
      return toQuestions(others, branch?.required);
    };
    return toQuestions(schema.properties, schema.required).flatMap(question => [
      question,
      ...openedBy(question.key),
    ]);
  });
}

function toQuestions(
  properties: Record<string, Property> = {},
  required: string[] = [],
): Question[] {
  return Object.entries(properties)
    .filter(([, property]) => property.type !== 'null')
    .map(([key, property]) => ({
      key,
      title: property.title ?? key,
      choices: property.enum,
      names: property.enumNames,
      required: required.includes(key),
      default: property.default,
    }));
}

function checkAnswers(
  values: Record<string, unknown>,
  known: Question[],
): void {
  for (const [key, value] of Object.entries(values)) {
    const question = known.find(item => item.key === key);
    if (!question) {
      throw new CliError(
        `The template does not ask for ${flagOf(key)} with these answers.`,
        {
          why: `It asks for ${known.map(q => flagOf(q.key)).join(', ')}.`,
          exitCode: exitCodes.usage,
        },
      );
    }
    if (question.choices && !question.choices.includes(String(value))) {
      throw new CliError(
        `${flagOf(key)} cannot be "${value}" with these answers.`,
        {
          fix: `Choose one of: ${question.choices.join(', ')}.`,
          exitCode: exitCodes.usage,
        },
      );
    }
  }
}

async function ownTeams(portal: Portal): Promise<string[]> {
  const { ownership } = await portal.identity();
  return ownership.filter(ref => ref.startsWith('group:'));
}

async function ask(
  question: Question,
  { portal, input, select }: { portal: Portal } & Prompts,
): Promise<string> {
  if (question.choices?.length) {
    return select({
      message: question.title,
      choices: question.choices.map((value, at) => ({
        value,
        name: question.names?.[at],
      })),
      default:
        question.default === undefined ? undefined : String(question.default),
    });
  }
  return input({
    message: question.title,
    required: true,
    // Said before anything else is asked, rather than after all of it.
    validate: async text => {
      if (question.key !== 'name') return true;
      const malformed = explainServiceName(text);
      if (malformed) return malformed;
      return (await portal.create.checkName(text)).problem ?? true;
    },
  });
}

function missingAnswers(missing: Question[]): CliError {
  const flags = missing.map(({ key, choices }) => {
    if (key === 'name') return '<name>';
    return choices?.length
      ? `${flagOf(key)} ${choices.join('|')}`
      : flagOf(key);
  });
  return new CliError(
    missing.length === 1
      ? capital(`${flagOf(missing[0].key)} is missing.`)
      : 'Some answers are missing.',
    { fix: `Add ${flags.join(' ')}`, exitCode: exitCodes.usage },
  );
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}

/** Answers that have an option of their own; all others are given by --set. */
const OPTIONS = [
  ...['type', 'language', 'database', 'owner', 'system', 'description'],
  ...['delivery', 'gitHost', 'gitOwner', 'visibility'],
];

function flagOf(key: string): string {
  if (key === 'name') return 'the name';
  if (!OPTIONS.includes(key)) return `--set ${key}=…`;
  return `--${key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
}
