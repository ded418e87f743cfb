import { z } from 'zod';

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
export class ClusterError extends Error {
  readonly name = 'ClusterError';
  readonly code: number;
  readonly reason: string | undefined;
  /** Field by field, where it says so */
  readonly causes: string[];

  /** @param body - its answer, as text */
  static from(code: number, body: string): ClusterError {
    const status = statusSchema.safeParse(asJson(body));
    if (!status.success) {
      return new ClusterError(code, body.slice(0, 300) || `status ${code}`);
    }
    const { message = `status ${code}`, reason, details } = status.data;
    return new ClusterError(code, message, {
      reason,
      causes: details?.causes?.map(cause =>
        [cause.field, cause.message].filter(Boolean).join(': '),
      ),
    });
  }

  constructor(
    code: number,
    message: string,
    more: { reason?: string; causes?: string[] } = {},
  ) {
    super(message);
    this.code = code;
    this.reason = more.reason;
    this.causes = more.causes ?? [];
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ClusterError && error.code === 404;
}

/** Somebody was faster, or what was to be changed is another one now. */
export function isConflict(error: unknown): boolean {
  return error instanceof ClusterError && error.code === 409;
}

/** What the cluster was asked to watch from is too long ago. */
export function isExpired(error: unknown): boolean {
  return error instanceof ClusterError && error.code === 410;
}

/** What was written is not what such an object can be; it will never be taken as it is. */
export function isInvalid(error: unknown): error is ClusterError {
  return (
    error instanceof ClusterError &&
    (error.code === 400 ||
      error.code === 422 ||
      // For a field that there is not, it answers with 500.
      error.message.includes('failed to create typed patch object'))
  );
}

function asJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
