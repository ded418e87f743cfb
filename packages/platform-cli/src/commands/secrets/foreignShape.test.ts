import { answeringPortal } from '../../__testUtils__/answeringPortal';

const cart = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'cart', namespace: 'default' },
};
const status = {
  ...{ state: 'ready', message: '' },
  environments: ['qa', 'staging'].map(name => ({ name, production: false })),
};
const why = 'staging/cart/ODD was written straight to Vault in another shape.';

describe('secrets that were written straight to Vault in another shape', () => {
  let portal: Awaited<ReturnType<typeof answeringPortal>>;

  beforeEach(async () => {
    portal = await answeringPortal();
  });
  afterEach(() => portal.close());

  it('are named with the reason to who runs a program, which runs with all others', async () => {
    const shown = { value: 'one', encoding: 'text', version: 1 };
    portal.answers.push(
      { body: cart },
      {
        body: {
          items: [{ key: 'TOKEN', ...shown }],
          leftOut: [{ key: 'ODD', why }],
        },
      },
    );
    const { code, stdout, stderr } = await portal.platform(
      ...['secrets', 'run', 'cart', '--env', 'staging', '--'],
      ...[process.execPath, '-e'],
      'process.exit(process.env.TOKEN === "one" && !("ODD" in process.env) ? 7 : 1)',
    );
    expect([code, stdout]).toEqual([7, '']);
    expect(stderr).toContain(`! The program does not get ODD: ${why}`);
  });

  it('are said to be not comparable, with where', async () => {
    const items = [
      { key: 'ODD', outcome: 'not-comparable', foreignIn: ['qa', 'staging'] },
      { key: 'SHUT', outcome: 'not-comparable', refusedIn: ['qa'] },
      { key: 'TOKEN', outcome: 'same', left: 'a', right: 'a' },
    ];
    portal.answers.push(
      { body: cart },
      { body: status },
      { body: { from: 'qa', to: 'staging', items } },
    );
    const { code, stdout } = await portal.platform(
      ...['secrets', 'diff', 'cart', '--from', 'qa', '--to', 'staging'],
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /ODD +\? not comparable: in a shape of its own in qa and staging\nSHUT +\? not comparable: refused by Vault in qa\nTOKEN += same/,
    );
  });
});
