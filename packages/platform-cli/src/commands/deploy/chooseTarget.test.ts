import { chooseTarget } from './chooseTarget';

const of = { service: 'component:default/cart', name: 'cart' };
const items = [
  { version: '1.4.2', createdAt: new Date().toISOString(), runsIn: [] },
  { version: '1.4.1', runsIn: ['staging', 'production'] },
];

describe('a deployment that does not say where or what', () => {
  let known: object[];
  let asked: string[];
  const environments = jest.fn(async () => ({
    items: [{ name: 'staging' }, { name: 'production' }],
  }));
  const versions = jest.fn(async () => ({ items: known }));
  const portal = {
    deployments: { environments, versions },
  } as unknown as Parameters<typeof chooseTarget>[0];
  const prompts = async () => ({
    async select({
      message,
      choices,
    }: {
      message: string;
      choices: Array<{ value: string; name?: string }>;
    }) {
      asked.push(`${message}: ${choices.map(({ name }) => name).join(' | ')}`);
      return choices[1].value;
    },
  });
  const chosen = (given: { env?: string; version?: string }, asks: boolean) =>
    chooseTarget(portal, of, given, { asks }, prompts);

  beforeEach(() => {
    jest.clearAllMocks();
    [known, asked] = [items, []];
  });

  it('asks nobody where both are given', async () => {
    const given = { env: 'staging', version: '1.4.2' };
    expect(await chosen(given, true)).toEqual(given);
    expect(environments).not.toHaveBeenCalled();
    expect(versions).not.toHaveBeenCalled();
  });

  it('offers a person at a terminal what there is', async () => {
    expect(await chosen({}, true)).toEqual({
      ...{ env: 'production', version: '1.4.1' },
    });
    expect(asked).toEqual([
      'Where to: staging | production',
      expect.stringMatching(
        /^Which version: 1\.4\.2 \(just now\) \| 1\.4\.1 \(runs in staging, production\)$/,
      ),
    ]);
  });

  it('says what there is where nobody can be asked', async () => {
    await expect(chosen({ version: '1.4.2' }, false)).rejects.toMatchObject({
      ...{ message: '--env is missing: where to.', exitCode: 2 },
      fix: 'Add --env staging|production',
    });
    await expect(chosen({ env: 'staging' }, false)).rejects.toMatchObject({
      ...{ message: '--version is missing: the tag of an image.', exitCode: 2 },
      why: expect.stringContaining('1.4.1 (runs in staging, production)'),
      fix: 'Add --version 1.4.2, or see all: platform service versions cart',
    });
    expect(asked).toEqual([]);
  });

  it('says where versions come from, where there is none', async () => {
    known = [];
    await expect(chosen({ env: 'staging' }, true)).rejects.toMatchObject({
      why: 'No version of cart is known yet: its pipeline builds one for each commit.',
      fix: 'See when there is one: platform service versions cart',
    });
  });
});
