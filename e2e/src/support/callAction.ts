import { z } from 'zod';
import { guestToken } from './guestToken';
import { RunningPortal } from './portal';

const answerSchema = z.object({
  result: z.object({
    isError: z.boolean().optional(),
    content: z.array(z.object({ text: z.string() })),
    structuredContent: z.unknown(),
  }),
});

/**
 * Has an action carried out as an agent does, over MCP, for the guest.
 *
 * @param name - plugin and action, such as `environments.environment`
 * @returns its output
 * @throws Error with what the portal says where it refuses
 */
export async function callAction(
  portal: RunningPortal,
  name: string,
  input: object,
): Promise<unknown> {
  const response = await fetch(`${portal.backendUrl}/api/mcp-actions/v1`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${await guestToken(portal)}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
      params: { name, arguments: input },
    }),
  });
  const text = await response.text();
  const data = /^data: (.*)$/m.exec(text)?.[1] ?? text;
  const { result } = answerSchema.parse(JSON.parse(data));
  if (result.isError) throw new Error(result.content[0]?.text);
  return result.structuredContent;
}
