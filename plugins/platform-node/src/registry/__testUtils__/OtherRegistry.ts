import { createHash } from 'node:crypto';
import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import { AddressInfo } from 'node:net';

const sha256 = (text: string) =>
  `sha256:${createHash('sha256').update(text).digest('hex')}`;

const config = JSON.stringify({
  os: 'linux',
  architecture: 'arm64',
  created: '2026-01-02T03:04:05Z',
  config: { Labels: { 'org.opencontainers.image.revision': 'abc123' } },
});
const manifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
  config: {
    mediaType: 'application/vnd.docker.container.image.v1+json',
    digest: sha256(config),
  },
  layers: [],
});

/** The one image that such a registry holds, under any name and the tag `1.0.0`. */
export const theImage = {
  digest: sha256(manifest),
  configDigest: sha256(config),
  manifest,
  config,
};

export interface SeenRequest {
  method: string;
  path: string;
  authorization?: string;
}

type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  seen: SeenRequest,
) => boolean | void;

/**
 * Answers like registries that cannot run here. A handler that returns true has answered; what none answers is answered
 * as a registry without sign-in would.
 */
export class OtherRegistry {
  readonly seen: SeenRequest[] = [];
  handle: Handler = () => {};
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const seen = {
        method: request.method ?? '',
        path: request.url ?? '',
        ...(request.headers.authorization && {
          authorization: request.headers.authorization,
        }),
      };
      this.seen.push(seen);
      if (this.handle(request, response, seen)) return;
      answerAsRegistry(seen.path, response);
    });
  }

  async start(): Promise<void> {
    await new Promise<void>(resolve =>
      this.#server.listen(0, '127.0.0.1', resolve),
    );
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  reset(): void {
    this.seen.splice(0);
    this.handle = () => {};
  }

  /** @param name - the same machine by another name is another host */
  host(name = '127.0.0.1'): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string')
      throw new Error('It has not been started.');
    const { port }: AddressInfo = address;
    return `${name}:${port}`;
  }
}

function answerAsRegistry(path: string, response: ServerResponse) {
  if (path.includes('/manifests/1.0.0') || path.includes(theImage.digest)) {
    response.setHeader(
      'Content-Type',
      'application/vnd.docker.distribution.manifest.v2+json',
    );
    response.end(theImage.manifest);
  } else if (path.includes(`/blobs/${theImage.configDigest}`)) {
    response.end(theImage.config);
  } else if (path.includes('/tags/list')) {
    response.end(JSON.stringify({ name: 'x', tags: ['1.0.0'] }));
  } else {
    response.statusCode = 404;
    response.end('{}');
  }
}
