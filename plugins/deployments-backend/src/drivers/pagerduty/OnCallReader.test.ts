import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { OnCallReader, PAGERDUTY_ANNOTATION } from './OnCallReader';

const ANNOTATIONS = { [PAGERDUTY_ANNOTATION]: 'PX3YZ12' };
const TOKEN = 'y_NbAkKc66ryYTWUXYEu';

/** As PagerDuty: it checks key, version and query, and answers in its shape. */
function pagerDuty(): Server {
  return createServer((request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const { headers, url = '' } = request;
    if (headers.authorization !== `Token token=${TOKEN}`) {
      return answer(401, { error: { message: 'Authentication failed' } });
    }
    if (headers.accept !== 'application/vnd.pagerduty+json;version=2') {
      return answer(400, { error: { message: 'No version' } });
    }
    const { pathname, searchParams } = new URL(url, 'http://pagerduty');
    if (pathname === '/services/PX3YZ12') {
      return answer(200, {
        service: {
          id: 'PX3YZ12',
          escalation_policy: { id: 'PANZZEQ', type: 'reference' },
        },
      });
    }
    const asksRight =
      searchParams.get('escalation_policy_ids[]') === 'PANZZEQ' &&
      searchParams.get('earliest') === 'true';
    if (pathname === '/oncalls' && asksRight) {
      return answer(200, {
        oncalls: [
          {
            escalation_level: 2,
            start: null,
            end: null,
            user: { id: 'P2', summary: 'Lea', html_url: null },
          },
          {
            escalation_level: 1,
            start: '2026-11-23T09:00:00Z',
            end: '2026-11-30T09:00:00Z',
            user: {
              id: 'P1',
              summary: 'Anna',
              html_url: 'https://acme.pagerduty.com/users/P1',
            },
          },
        ],
      });
    }
    return answer(404, { error: { message: 'Not Found', code: 2100 } });
  });
}

describe('who is on call', () => {
  let server: Server;
  let apiUrl: string;

  beforeAll(async () => {
    server = pagerDuty();
    await new Promise<void>(done => {
      server.listen(0, '127.0.0.1', done);
    });
    const { port } = server.address() as AddressInfo;
    apiUrl = `http://127.0.0.1:${port}`;
  });
  afterAll(() => {
    server.close();
  });

  it('is asked of the service’s escalation policy, and told in the order of calling', async () => {
    const onCalls = new OnCallReader({ apiUrl, token: TOKEN });
    expect(await onCalls.now(ANNOTATIONS)).toEqual({
      known: true,
      items: [
        {
          name: 'Anna',
          level: 1,
          page: 'https://acme.pagerduty.com/users/P1',
          until: '2026-11-30T09:00:00Z',
        },
        { name: 'Lea', level: 2 },
      ],
    });
  });

  it.each([
    [
      'a key that is not taken',
      { token: 'wrong' },
      ANNOTATIONS,
      'PagerDuty does not take the key in platform.pagerduty.token.',
    ],
    [
      'a service that is not there',
      {},
      { [PAGERDUTY_ANNOTATION]: 'PNONE00' },
      'PagerDuty has no service PNONE00; it stands in the annotation pagerduty.com/service-id.',
    ],
    [
      'a service that does not say who it is',
      {},
      {},
      'It is not known which service of PagerDuty it is.',
    ],
    [
      'an id that would lead elsewhere',
      {},
      { [PAGERDUTY_ANNOTATION]: '../users' },
      'pagerduty.com/service-id is no id of a PagerDuty service.',
    ],
    [
      'an address where nobody answers',
      { apiUrl: 'http://127.0.0.1:1' },
      ANNOTATIONS,
      'PagerDuty does not answer at http://127.0.0.1:1.',
    ],
  ])('is said not to be known: %s', async (_, settings, annotations, why) => {
    const onCalls = new OnCallReader({ apiUrl, token: TOKEN, ...settings });
    const answer = await onCalls.now(annotations);
    expect(answer).toMatchObject({ known: false, why });
    expect(JSON.stringify(answer)).not.toContain(TOKEN);
  });
});
