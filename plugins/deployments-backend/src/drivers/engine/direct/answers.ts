import { ApiException } from '@kubernetes/client-node';
import { z } from 'zod';
import { EngineRefusedError } from '@highroad/plugin-deployments-node';

const statusSchema = z.object({
  message: z.string().optional(),
  reason: z.string().optional(),
  details: z
    .object({
      causes: z
        .array(
          z.object({
            message: z.string().optional(),
            field: z.string().optional(),
          }),
        )
        .optional(),
    })
    .optional(),
});

/** What an API server said when it refused. */
export interface Refusal {
  code: number;
  message: string;
  reason?: string;
  causes: string[];
}

/** @returns nothing for what is no answer of an API server */
export function refusalIn(error: unknown): Refusal | undefined {
  if (!(error instanceof ApiException)) return undefined;
  const parsed = statusSchema.safeParse(asJson(error.body));
  const status = parsed.success ? parsed.data : {};
  return {
    code: error.code,
    message: status.message ?? `status ${error.code}`,
    reason: status.reason,
    causes:
      status.details?.causes?.map(cause =>
        [cause.field, cause.message].filter(Boolean).join(': '),
      ) ?? [],
  };
}

export function isNotFound(error: unknown): boolean {
  return refusalIn(error)?.code === 404;
}

export function isForbidden(error: unknown): boolean {
  return refusalIn(error)?.code === 403;
}

/**
 * What can't be mended by trying again becomes an EngineRefusedError in words; all else is thrown as it came.
 *
 * @param what - what was to be done, such as `apply Deployment cart`
 */
export function explain(error: unknown, what: string): Error {
  const refusal = refusalIn(error);
  if (!refusal)
    return error instanceof Error ? error : new Error(String(error));
  const { code, message, causes } = refusal;
  // A namespace that is going away forbids everything for a while, and an API server that is overloaded says so.
  const passes =
    code === 429 ||
    code >= 500 ||
    /being terminated|not yet established/.test(message);
  if (passes) return new Error(`The cluster could not ${what} now: ${message}`);
  if (code === 409) {
    return new EngineRefusedError(
      `Somebody else manages what was to ${what}: ${
        causes.join('; ') || message
      }. Let go of these fields, or take them out of the manifests.`,
      'field-conflict',
    );
  }
  return new EngineRefusedError(`The cluster will not ${what}: ${message}`);
}

function asJson(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    return { message: body.slice(0, 500) };
  }
}
