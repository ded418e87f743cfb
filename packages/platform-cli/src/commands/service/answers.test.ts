import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { Output } from '../../output/Output';
import { Portal } from '../../portal/Portal';
import { TemplateParameters } from '../../portal/ScaffolderTasks';
import { completeAnswers, Prompts, questions } from './answers';

const input = jest.fn<Promise<string>, Parameters<Prompts['input']>>();
const select = jest.fn<Promise<string>, Parameters<Prompts['select']>>();
const prompts = async () => ({ input, select });

const template = parse(
  readFileSync(
    resolve(
      __dirname,
      '../../../../../catalog-templates/service/template.yaml',
    ),
    'utf8',
  ),
);
/** What the scaffolder answers for the real template. */
const parameters: TemplateParameters = {
  title: 'Service',
  steps: template.spec.parameters.map(
    ({ title, ...schema }: { title: string }) => ({ title, schema }),
  ),
};

const quiet = new Output({
  stdout: { write: () => true },
  stderr: { write: () => true },
  json: false,
  color: false,
});

function portalWith(teams: string[]): Portal {
  const portal = new Portal({
    backendUrl: 'http://localhost:1',
    source: 'a test',
    token: async () => 'token',
  });
  jest.spyOn(portal.tasks, 'parameters').mockResolvedValue(parameters);
  jest.spyOn(portal, 'identity').mockResolvedValue({
    userRef: 'user:default/me',
    ownership: ['user:default/me', ...teams],
  });
  return portal;
}

const complete = (
  given: Record<string, string | undefined>,
  teams = ['group:default/payments-team'],
  output = quiet,
) => completeAnswers(portalWith(teams), 'service', given, output, prompts);

describe('the questions of the template', () => {
  const keys = (values: Record<string, unknown>) =>
    questions(parameters, values).map(question => question.key);

  it('open with the type: a web service is asked for no database', () => {
    expect(keys({ type: 'api' })).toContain('database');
    expect(keys({ type: 'web' })).not.toContain('database');
  });

  it('leave out what is only shown', () => {
    expect(keys({})).not.toContain('preview');
  });
});

describe('completing answers', () => {
  it('needs no more than what the shortest command says', async () => {
    expect(
      await complete({ name: 'cart', type: 'api', language: 'go' }),
    ).toEqual({
      name: 'cart',
      type: 'api',
      language: 'go',
      owner: 'group:default/payments-team',
      database: 'none',
      delivery: 'rolling',
      description: '',
      visibility: 'private',
    });
  });

  it('lists all that is missing at once, with what is possible', async () => {
    await expect(complete({ name: 'cart' }, [])).rejects.toMatchObject({
      message: 'Some answers are missing.',
      fix: expect.stringMatching(/--owner.*--type api\|worker\|web/),
      exitCode: 2,
    });
  });

  it('lists the name with all else that is missing', async () => {
    await expect(complete({}, [])).rejects.toMatchObject({
      fix: expect.stringMatching(/<name>.*--owner.*--type api\|worker\|web/),
      exitCode: 2,
    });
  });

  it('does not guess among several teams', async () => {
    const given = { name: 'cart', type: 'api', language: 'go' };
    await expect(
      complete(given, ['group:default/a', 'group:default/b']),
    ).rejects.toMatchObject({
      fix: 'Add --owner group:default/a|group:default/b',
    });
  });

  it.each([
    [{ language: 'cobol' }, /--language cannot be "cobol"/],
    [{ type: 'web', language: 'go' }, /--language cannot be "go"/],
    [
      { type: 'web', language: 'typescript', database: 'postgres' },
      /does not ask for --database with/,
    ],
    [{ colour: 'blue' }, /does not ask for --set colour=/],
  ])('refuses %j', async (changed, message) => {
    await expect(
      complete({ name: 'cart', type: 'api', language: 'go', ...changed }),
    ).rejects.toMatchObject({
      message: expect.stringMatching(message),
      exitCode: 2,
    });
  });
});

describe('asking at a terminal', () => {
  const atTerminal = new Output({
    stdout: { write: () => true },
    stderr: { write: () => true, isTTY: true },
    json: false,
    color: false,
  });
  const { isTTY } = process.stdin;
  beforeEach(() => {
    jest.clearAllMocks();
    process.stdin.isTTY = true;
    select.mockImplementation(async ({ default: first }) => first ?? 'none');
  });
  afterEach(() => {
    process.stdin.isTTY = isTTY;
  });
  const asked = () => select.mock.calls.map(([{ message }]) => message);

  it('goes through what the form asks, in its order and words', async () => {
    input.mockResolvedValue('cart');
    expect(await complete({}, undefined, atTerminal)).toMatchObject({
      ...{ name: 'cart', type: 'api', language: 'go', database: 'none' },
    });
    expect(asked()).toEqual([
      ...['Type', 'Language', 'Database', 'Delivery', 'Visibility'],
    ]);
    expect(select.mock.calls[0][0].choices[0]).toEqual({
      value: 'api',
      name: 'API, answers requests',
    });
  });

  it('asks for nothing where all that is needed was given', async () => {
    const given = { name: 'cart', type: 'api', language: 'go' };
    await complete(given, undefined, atTerminal);
    expect(input).not.toHaveBeenCalled();
    expect(asked()).toEqual([]);
  });

  it('says what is wrong with a name before it asks for more', async () => {
    const portal = portalWith(['group:default/payments-team']);
    const checkName = jest.spyOn(portal.create, 'checkName');
    checkName.mockImplementation(async name => ({
      ...{ name, available: name === 'cart' },
      ...(name !== 'cart' && { problem: 'It is taken.' }),
    }));
    input.mockResolvedValue('cart');
    await completeAnswers(portal, 'service', {}, atTerminal, prompts);
    const { validate } = input.mock.calls[0][0];
    expect(await validate('My Cart')).toMatch(/my-cart/);
    expect(checkName).not.toHaveBeenCalled();
    expect(await validate('taken')).toBe('It is taken.');
    expect(await validate('cart')).toBe(true);
  });
});
