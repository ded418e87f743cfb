import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Answer, answeringPortal } from '../../__testUtils__/answeringPortal';

const cart = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'cart', namespace: 'default' },
};
const refused = (status: number, error: object): Answer => ({
  status,
  body: { error, response: { statusCode: status } },
});
const LIST = ['list', 'cart'];
const ROTATE = ['rotate', 'cart/TOKEN', '--env', 'staging'];

/** What a backend answers, and the page that the command leads to. */
const failures: Array<[string, Answer, string]> = [
  [
    'an input that is not valid',
    refused(400, { name: 'InputError', message: 'value of TOKEN: too large.' }),
    'secret-refused',
  ],
  [
    'something that is not there',
    refused(404, { name: 'NotFoundError', message: 'TOKEN is deleted.' }),
    'secret-refused',
  ],
  [
    'what somebody else changed',
    refused(409, { name: 'ConflictError', message: 'It is at version 4.' }),
    'secret-refused',
  ],
  [
    'a value that cannot be replaced yet',
    refused(409, {
      ...{ name: 'ConflictError', message: 'It was replaced a while ago.' },
      runbook: 'secret-not-replaced',
    }),
    'secret-not-replaced',
  ],
  [
    'a generator that fails',
    refused(500, {
      ...{ name: 'Error', message: 'PostgreSQL "main": no role.' },
      runbook: 'secret-not-replaced',
    }),
    'secret-not-replaced',
  ],
  [
    'a Vault that is sealed',
    refused(503, {
      name: 'ServiceUnavailableError',
      message: 'Vault at x is sealed. See docs/runbooks/vault-sealed.md.',
      ...{ problem: 'sealed', runbook: 'vault-sealed' },
    }),
    'vault-sealed',
  ],
  [
    'a Vault that does not answer, after something was done',
    refused(503, {
      name: 'ServiceUnavailableError',
      message:
        'Vault does not answer. See docs/runbooks/vault-does-not-answer.md. Before that, this was done: A in qa.',
    }),
    'vault-does-not-answer',
  ],
  [
    'a Vault that refuses',
    refused(503, {
      name: 'ServiceUnavailableError',
      message: 'Vault refused. See docs/runbooks/vault-permission-denied.md.',
    }),
    'vault-permission-denied',
  ],
  [
    'a ledger that cannot record',
    refused(503, {
      name: 'ServiceUnavailableError',
      message:
        'It must be recorded before it happens. Try again when it can; docs/runbooks/audit-cannot-record.md says how to mend it.',
    }),
    'audit-cannot-record',
  ],
  [
    'a portal that cannot answer',
    refused(503, { name: 'ServiceUnavailableError', message: 'Not yet.' }),
    'platform-does-not-answer',
  ],
  [
    'a portal that broke',
    refused(500, { name: 'Error', message: 'It broke.' }),
    'platform-does-not-answer',
  ],
  [
    'something between that answers otherwise',
    { status: 413, body: '<html>too large</html>' },
    'secret-refused',
  ],
  ['an answer that is no JSON', { body: '<html>' }, 'platform-does-not-answer'],
  [
    'a token that is not known',
    refused(401, { name: 'AuthenticationError', message: 'Illegal token' }),
    'platform-not-signed-in',
  ],
];

describe('an error of platform secrets', () => {
  let portal: Awaited<ReturnType<typeof answeringPortal>>;
  beforeEach(async () => {
    portal = await answeringPortal();
    portal.routes.set('/catalog/', { body: cart });
  });
  afterEach(() => portal.close());

  const exists = (page: string) =>
    access(resolve(__dirname, '../../../../../docs/runbooks', `${page}.md`));

  it.each(failures)('for %s leads to its page', async (_, answer, page) => {
    for (const argv of [LIST, ROTATE]) {
      portal.routes.set('/secrets/', answer);
      const { code, stderr } = await portal.platform('secrets', ...argv);
      expect([argv, code === 0]).toEqual([argv, false]);
      // Once, and not in the words beside it as well.
      expect(stderr).toContain(`Runbook: docs/runbooks/${page}.md`);
      expect(stderr).not.toContain('See docs/');
    }
    await exists(page);
  });

  it('for what one may not do says so of a person, and where a token is named', async () => {
    const refusal = refused(403, {
      name: 'NotAllowedError',
      message: 'You may not set a secret: it takes platform.secret.set.',
    });
    portal.routes.set('/secrets/', refusal);
    const { stderr } = await portal.platform('secrets', ...LIST);
    expect(stderr).toContain('docs/runbooks/platform-not-signed-in.md');
  });

  it('that the command finds itself leads there too', async () => {
    const mistakes = [
      ['set', 'cart/TOKEN=value'],
      ['set', 'cart/1-KEY', 'value'],
      ['get', 'nothing', '--env', 'staging'],
      ['import', 'cart', '/nowhere/at/all'],
      ['restore', 'cart/TOKEN', '--env', 'staging', '--to', 'x'],
      [...ROTATE, '--window', '02:00-04:00'],
    ];
    for (const argv of mistakes) {
      const { code, stderr } = await portal.platform('secrets', ...argv);
      expect([argv, code === 0]).toEqual([argv, false]);
      expect([argv, stderr]).toEqual([
        argv,
        expect.stringContaining('Runbook: docs/runbooks/secret-refused.md'),
      ]);
    }
  });

  it('for nobody who answers leads to the page about that', async () => {
    process.env.PLATFORM_URL = 'http://127.0.0.1:9';
    const { code, stderr } = await portal.platform('secrets', ...LIST);
    expect(code).toBe(6);
    expect(stderr).toContain('docs/runbooks/platform-does-not-answer.md');
  });
});
