import { z } from 'zod';
import { RunningPortal } from './portal';

const guestSchema = z.object({
  backstageIdentity: z.object({ token: z.string() }),
});

/** Signs in as the guest, as the page does. */
export async function guestToken(portal: RunningPortal): Promise<string> {
  const answer = await fetch(`${portal.backendUrl}/api/auth/guest/refresh`, {
    headers: { 'X-Requested-With': 'XMLHttpRequest' },
  });
  return guestSchema.parse(await answer.json()).backstageIdentity.token;
}
