import { InputError } from '@backstage/errors';
import { DeliveryTaker } from '@highroad/plugin-platform-node';
import { signerOf } from '@highroad/plugin-platform-node/git-hosts';
import { z } from 'zod';

const deliverySchema = z.object({
  repository: z.object({ html_url: z.string().url() }),
});

/**
 * Takes webhooks of GitHub and Gitea. A delivery only says where to look: what is counted is read from the host, so that one that was
 * lost, came twice or came late changes nothing.
 *
 * @param options.onHint - returns whether the repository is read at all
 */
export function repositoryTaker(options: {
  hosts: Array<{ host: string; webhookSecret: string }>;
  onHint: (repositoryUrl: string) => Promise<boolean>;
}): DeliveryTaker<string> {
  const { hosts, onHint } = options;
  return {
    signer: ({ body, header }) => signerOf(body, header, hosts),
    async take({ body }, signer) {
      const { repository } = readDelivery(body);
      const isItsOwn = new URL(repository.html_url).host === signer;
      const read = isItsOwn && (await onHint(repository.html_url));
      return { status: 202, body: { read } };
    },
  };
}

function readDelivery(bytes: Buffer): z.output<typeof deliverySchema> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new InputError('The delivery is no JSON. Choose application/json.');
  }
  const parsed = deliverySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InputError('The delivery names no repository.');
}
