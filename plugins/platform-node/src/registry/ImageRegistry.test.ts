import { mockServices } from '@backstage/backend-test-utils';
import { OtherRegistry, theImage } from './__testUtils__/OtherRegistry';
import { ImageRegistry } from './ImageRegistry';
import { RegistrySettings } from './RegistrySettings';

const server = new OtherRegistry();
/** Where tokens are given out, or blobs kept. */
const elsewhere = new OtherRegistry();
let now = 0;

beforeAll(() => Promise.all([server.start(), elsewhere.start()]));
afterAll(() => Promise.all([server.stop(), elsewhere.stop()]));
beforeEach(() => {
  now = 1_000_000;
  server.reset();
  elsewhere.reset();
});

const registryFor = (entry?: object, timeoutMs?: number) =>
  new ImageRegistry({
    settings: RegistrySettings.fromConfig(
      mockServices.rootConfig({
        data: {
          platform: {
            registries: entry ? [{ host: server.host(), ...entry }] : [],
          },
        },
      }),
    ),
    now: () => now,
    timeoutMs,
  });
const account = { username: 'bot', password: 'hunter2-secret' };
const basic = `Basic ${Buffer.from('bot:hunter2-secret').toString('base64')}`;
const image = () => `${server.host()}/acme/cart:1.0.0`;

/** As Docker Hub and ghcr do it: a challenge, a token from its realm, the same question again. */
const asksForToken = (realm: string) => {
  server.handle = (_, response, { path, authorization }) => {
    if (path.startsWith('/token')) {
      response.end(JSON.stringify({ token: 'T', expires_in: 300 }));
      return true;
    }
    if (authorization === 'Bearer T') return false;
    response.writeHead(401, {
      'WWW-Authenticate': `Bearer realm="${realm}",service="registry",scope="repository:acme/cart:pull"`,
    });
    response.end();
    return true;
  };
};

describe('a registry that gives out tokens', () => {
  it('is signed in to at its realm, and asked with the token', async () => {
    asksForToken(`http://${server.host()}/token`);
    const found = await registryFor(account).resolve(image());
    expect(found).toMatchObject({
      digest: theImage.digest,
      platforms: ['linux/arm64'],
      revision: 'abc123',
    });
    const token = server.seen.find(({ path }) => path.startsWith('/token'));
    expect(token).toMatchObject({
      authorization: basic,
      path: '/token?service=registry&scope=repository%3Aacme%2Fcart%3Apull',
    });
    expect(server.seen[0].authorization).toBeUndefined();
    expect(
      server.seen
        .filter(({ path }) => path.startsWith('/v2'))
        .slice(1)
        .map(({ authorization }) => authorization),
    ).toEqual(['Bearer T', 'Bearer T']);
  });

  it('is signed in to without a name where none is configured', async () => {
    asksForToken(`http://${server.host()}/token`);
    await registryFor().resolve(image());
    const token = server.seen.find(({ path }) => path.startsWith('/token'));
    expect(token?.authorization).toBeUndefined();
  });

  it('is asked for a new token only when the last has ended', async () => {
    asksForToken(`http://${server.host()}/token`);
    const registry = registryFor(account);
    const tokens = () =>
      server.seen.filter(({ path }) => path.startsWith('/token')).length;
    await registry.resolve(image());
    await registry.resolve(image());
    expect(tokens()).toBe(1);
    now += 291_000;
    await registry.resolve(image());
    expect(tokens()).toBe(2);
  });

  it.each([
    [
      'another host over http',
      () => `http://${elsewhere.host('localhost')}/token`,
    ],
    [
      'an address with a password in it',
      () => `https://a:b@${server.host()}/token`,
    ],
    ['no address', () => 'token'],
  ])('gets no credentials for %s', async (_, realm) => {
    asksForToken(realm());
    await expect(registryFor(account).resolve(image())).rejects.toMatchObject({
      reason: 'unauthorized',
      message: expect.stringMatching(/No credentials were sent/),
    });
    expect(elsewhere.seen).toEqual([]);
    expect(JSON.stringify(server.seen)).not.toContain('Basic');
  });

  it('does not take credentials along when its realm sends on', async () => {
    asksForToken(`http://${server.host()}/moved`);
    const asked = server.handle;
    server.handle = (request, response, seen) => {
      if (!seen.path.startsWith('/moved'))
        return asked(request, response, seen);
      response.writeHead(302, { Location: `http://${elsewhere.host()}/token` });
      response.end();
      return true;
    };
    await expect(registryFor(account).resolve(image())).rejects.toMatchObject({
      reason: 'unavailable',
    });
    expect(elsewhere.seen).toEqual([]);
  });

  it('is at fault where what it gives is no token', async () => {
    asksForToken(`http://${server.host()}/token`);
    const asked = server.handle;
    server.handle = (request, response, seen) => {
      if (!seen.path.startsWith('/token'))
        return asked(request, response, seen);
      response.end('<html>');
      return true;
    };
    await expect(registryFor(account).resolve(image())).rejects.toMatchObject({
      reason: 'unavailable',
      message: expect.stringMatching(/no token/),
    });
  });
});

describe('a registry with names and passwords', () => {
  beforeEach(() => {
    server.handle = (_, response, { authorization }) => {
      if (authorization === basic) return false;
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' });
      response.end();
      return true;
    };
  });

  it('gets them', async () => {
    await registryFor(account).resolve(image());
    expect(server.seen.map(({ authorization }) => authorization)).toEqual([
      undefined,
      basic,
      basic,
    ]);
  });

  it('says which setting is wrong where it refuses them, without showing them', async () => {
    const refused = await registryFor({ ...account, password: 'old-secret' })
      .resolve(image())
      .catch(error => error);
    expect(refused).toMatchObject({
      name: 'NotAllowedError',
      reason: 'unauthorized',
      message: expect.stringMatching(/"bot".*\(401\).*platform\.registries/),
    });
    expect(JSON.stringify(refused) + refused.stack).not.toContain('old-secret');
  });

  it('says which setting is missing', async () => {
    await expect(registryFor().resolve(image())).rejects.toThrow(
      /wants a user name and a password.*platform\.registries/,
    );
  });
});

describe('a registry whose contents are kept elsewhere', () => {
  it.each([
    ['the same', () => server.host(), basic],
    ['another', () => elsewhere.host(), undefined],
  ])('gives credentials for %s host accordingly', async (_, host, expected) => {
    server.handle = (request, response, { path, authorization }) => {
      if (authorization !== basic) {
        response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' });
        response.end();
        return true;
      }
      if (!path.includes('/blobs/') || path.includes('kept=1')) return false;
      response.writeHead(307, {
        Location: `http://${host()}${request.url}?kept=1`,
      });
      response.end();
      return true;
    };
    await registryFor(account).resolve(image());
    const kept = [...server.seen, ...elsewhere.seen].find(({ path }) =>
      path.includes('kept=1'),
    );
    expect(kept).toBeDefined();
    expect(kept?.authorization).toBe(expected);
  });

  it('is not followed in circles, nor to plain http at another host', async () => {
    server.handle = (_, response) => {
      response.writeHead(307, { Location: `http://${server.host()}/v2/x` });
      response.end();
      return true;
    };
    await expect(registryFor().resolve(image())).rejects.toThrow(/one address/);
    server.handle = (_, response) => {
      response.writeHead(307, { Location: 'http://metadata.internal/x' });
      response.end();
      return true;
    };
    await expect(registryFor().resolve(image())).rejects.toThrow(/not https/);
  });
});

describe('a bad day of a registry', () => {
  it('429 is told with how long to wait', async () => {
    server.handle = (_, response) => {
      response.writeHead(429, { 'Retry-After': '37' });
      response.end();
      return true;
    };
    await expect(registryFor().resolve(image())).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      reason: 'rate-limited',
      retryAfterSeconds: 37,
      message: expect.stringMatching(/in 37 s/),
    });
  });

  it.each([500, 502, 503])('%d is never taken as missing', async status => {
    server.handle = (_, response) => {
      response.writeHead(status);
      response.end('<html>secret page</html>');
      return true;
    };
    const error = await registryFor()
      .resolve(image())
      .catch(e => e);
    expect(error).toMatchObject({ reason: 'unavailable' });
    expect(error.message).not.toContain('secret page');
  });

  it('one that says nothing is given up on, after the whole time, not that of each request', async () => {
    server.handle = () => true;
    const since = performance.now();
    await expect(
      registryFor(undefined, 300).resolve(image()),
    ).rejects.toMatchObject({
      reason: 'unavailable',
      message: expect.stringMatching(/within 0.3 s/),
    });
    expect(performance.now() - since).toBeLessThan(1_500);
  });

  it('one that sends its answer drop by drop is given up on too', async () => {
    let drops: NodeJS.Timeout;
    server.handle = (_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      drops = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drops));
      return true;
    };
    await expect(
      registryFor(undefined, 300).resolve(image()),
    ).rejects.toMatchObject({ reason: 'unavailable' });
  });

  it('one that is gone is said to be', async () => {
    await expect(
      registryFor().resolve('127.0.0.1:1/acme/cart:1'),
    ).rejects.toMatchObject({
      reason: 'unavailable',
      message: expect.stringMatching(/127\.0\.0\.1:1 does not answer/),
    });
  });

  it('whoever no longer waits gets their own reason', async () => {
    server.handle = () => true;
    const gone = new AbortController();
    const asked = registryFor().resolve(image(), { signal: gone.signal });
    gone.abort(new Error('cancelled'));
    await expect(asked).rejects.toThrow('cancelled');
  });

  it.each([
    ['no JSON', 'hello', /no JSON/],
    [
      'JSON of another shape',
      '{"mediaType":"application/vnd.oci.image.manifest.v1+json"}',
      /"config" is wrong/,
    ],
    [
      'an index of nothing',
      '{"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}',
      /lists no image/,
    ],
    [
      'something else',
      '{"mediaType":"application/vnd.docker.distribution.manifest.v1+prettyjws"}',
      /no container engine runs/,
    ],
    ['too much', 'x'.repeat(5 * 1024 * 1024), /larger than/],
  ])('%s for a manifest is refused', async (_, body, why) => {
    server.handle = (__, response) => {
      response.end(body);
      return true;
    };
    await expect(registryFor().resolve(image())).rejects.toThrow(why);
  });

  it('other content under a digest is refused', async () => {
    server.handle = (_, response, { path }) => {
      if (!path.includes('/blobs/')) return false;
      response.end(
        '{"config":{"Labels":{"org.opencontainers.image.revision":"evil"}}}',
      );
      return true;
    };
    await expect(registryFor().resolve(image())).rejects.toThrow(
      /another digest/,
    );
  });

  it('a missing image is refused although its tags cannot be listed', async () => {
    server.handle = (_, _response, { path }) => path.includes('/tags/');
    await expect(
      registryFor().resolve(`${server.host()}/acme/cart:9`),
    ).rejects.toMatchObject({ reason: 'not-found', nearTags: [] });
  });

  it('tags are listed although nothing more can be learnt of them', async () => {
    server.handle = (_, response, { path }) => {
      if (path.includes('/tags/')) return false;
      response.writeHead(500);
      response.end();
      return true;
    };
    expect(await registryFor().listTags(`${server.host()}/acme/cart`)).toEqual({
      items: [{ tag: '1.0.0' }],
      more: false,
    });
  });
});

describe('platform.registries', () => {
  it.each([
    [{ username: 'a' }, /platform\.registries\[0\]\.password/],
    [{ host: 'https://ghcr.io' }, /platform\.registries\[0\]\.host/],
    [{ pasword: 'x' }, /pasword/],
  ])('names the key that is wrong in %j', (entry, why) => {
    expect(() => registryFor(entry)).toThrow(why);
  });

  it('reaches only this machine and what is said to be insecure by http', () => {
    const settings = RegistrySettings.fromConfig(
      mockServices.rootConfig({
        data: {
          platform: { registries: [{ host: 'old:5000', insecure: true }] },
        },
      }),
    );
    const urlOf = (host: string) => settings.access(host).baseUrl;
    expect(urlOf('old:5000')).toBe('http://old:5000');
    expect(urlOf('127.0.0.1:5000')).toBe('http://127.0.0.1:5000');
    expect(urlOf('ghcr.io')).toBe('https://ghcr.io');
    expect(urlOf('docker.io')).toBe('https://registry-1.docker.io');
    expect(urlOf('127.0.0.1.evil.com')).toBe('https://127.0.0.1.evil.com');
    expect(urlOf('localhost.evil.com')).toBe('https://localhost.evil.com');
  });
});
