import { revoking } from './signOut';

const URL = 'https://portal.acme.example/api/auth/v1/revoke';

async function signOut(answer: () => Promise<Response>, url = URL) {
  const sent: object[] = [];
  const warnings: string[] = [];
  const send = revoking(
    async (_, init) => {
      sent.push(JSON.parse(String(init?.body)));
      return answer();
    },
    line => warnings.push(line),
  );
  await send(url, {
    method: 'POST',
    body: JSON.stringify({ token: 'x' }),
  }).catch(() => {});
  return { sent, warnings };
}

describe('signing out', () => {
  it('tells the portal which program asks', async () => {
    expect(await signOut(async () => new Response())).toEqual({
      sent: [
        {
          token: 'x',
          client_id:
            'https://portal.acme.example/api/auth/.well-known/oauth-client/cli.json',
        },
      ],
      warnings: [],
    });
  });

  it('says when the portal keeps the sign-in', async () => {
    const refused = await signOut(
      async () => new Response(null, { status: 401 }),
    );
    expect(refused.warnings).toEqual([
      'The portal answered 401; it keeps the sign-in for 30 days.',
    ]);
    const gone = await signOut(async () => {
      throw new TypeError('fetch failed');
    });
    expect(gone.warnings).toEqual([
      'The portal does not answer; it keeps the sign-in for 30 days.',
    ]);
  });

  it('leaves every other request as it is', async () => {
    const { sent } = await signOut(
      async () => new Response(),
      'https://portal.acme.example/api/auth/v1/token',
    );
    expect(sent).toEqual([{ token: 'x' }]);
  });
});
