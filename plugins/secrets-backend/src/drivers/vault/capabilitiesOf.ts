import { z } from 'zod';
import { VaultSession } from './VaultSession';

const answerSchema = z.object({ data: z.record(z.unknown()) });
const someSchema = z.array(z.string());

/**
 * What a role's token may do with paths, as Vault itself says; `root` may do all.
 *
 * @throws VaultError, also where the token may not ask
 */
export async function capabilitiesOf(
  session: Pick<VaultSession, 'ask'>,
  paths: string[],
): Promise<Map<string, string[]>> {
  const answer = await session.ask({
    method: 'POST',
    path: 'sys/capabilities-self',
    body: { paths },
    what: 'ask what its token may do',
  });
  const { data } = answerSchema.parse(answer);
  return new Map(
    paths.map(path => [path, someSchema.default([]).parse(data[path])]),
  );
}
