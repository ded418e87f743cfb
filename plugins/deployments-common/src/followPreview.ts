import {
  CallOptions,
  FetchApi,
  linesOf,
  openOperation,
} from '@highroad/plugin-platform-common';
import { z } from 'zod';
import {
  Preview,
  PreviewNews,
  previewNewsSchema,
  versionOperations,
} from './versions';

/**
 * Asks what deploying a version would come to, and tells each check as it begins and as it ends.
 *
 * @param onCheck - told of each, the same one by the same name
 * @returns what it comes to
 * @throws ResponseError with the backend's answer for any status but 2xx, and an Error in its words where it broke off
 */
export async function followPreview(
  fetchApi: FetchApi,
  asked: z.input<typeof versionOperations.previewSteps.input>,
  onCheck: (check: Preview['checks'][number]) => void,
  options: CallOptions = {},
): Promise<Preview> {
  const { previewSteps } = versionOperations;
  const response = await openOperation(fetchApi, previewSteps, asked, options);
  for await (const news of newsIn(response)) {
    if ('preview' in news) {
      const { version, from } = asked;
      return {
        ...news.preview,
        version:
          news.preview.version || (version ?? `What runs in ${from ?? 'it'}`),
      };
    }
    if ('error' in news) {
      throw Object.assign(new Error(news.error.message), {
        name: news.error.name,
      });
    }
    onCheck(news.check);
  }
  throw new Error(
    'The answer of the portal broke off before all was checked. Try again.',
  );
}

async function* newsIn({ body }: Response): AsyncGenerator<PreviewNews> {
  if (!body) return;
  for await (const line of linesOf(piecesOf(body))) {
    if (line) yield previewNewsSchema.parse(JSON.parse(line));
  }
}

/** Not every browser goes through a stream by itself. */
async function* piecesOf(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}
