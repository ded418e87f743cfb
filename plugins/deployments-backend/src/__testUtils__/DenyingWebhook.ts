import { createAuthority, issueCertificate } from '@highroad/sandbox/testing';
import { createServer, Server } from 'node:https';
import { AddressInfo } from 'node:net';
import { z } from 'zod';

const reviewSchema = z.object({ request: z.object({ uid: z.string() }) });

/** A webhook of a cluster that denies whatever it is asked about. */
export class DenyingWebhook {
  readonly url: string;
  /** Base64 of the certificate by which the cluster knows it */
  readonly caBundle: string;
  readonly #server: Server;

  static async open(message: string): Promise<DenyingWebhook> {
    const authority = await createAuthority('webhook');
    const pair = await issueCertificate(authority, {
      ...{ name: 'webhook', hosts: ['127.0.0.1'] },
    });
    const server = createServer(
      { cert: pair.certificate, key: pair.key },
      async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk);
        const { uid } = reviewSchema.parse(
          JSON.parse(Buffer.concat(chunks).toString()),
        ).request;
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify({
            apiVersion: 'admission.k8s.io/v1',
            kind: 'AdmissionReview',
            response: { uid, allowed: false, status: { code: 403, message } },
          }),
        );
      },
    );
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    return new DenyingWebhook(server, authority.certificate);
  }

  private constructor(server: Server, certificate: string) {
    const { port } = server.address() as AddressInfo;
    this.url = `https://127.0.0.1:${port}/deny`;
    this.caBundle = Buffer.from(certificate).toString('base64');
    this.#server = server;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(done => this.#server.close(done));
  }
}
