import { z } from 'zod';

/** `error` only where the thing cannot be used as it is; everything else is a `warning`. */
export const findingLevelSchema = z.enum(['warning', 'error']);
export type FindingLevel = z.infer<typeof findingLevelSchema>;

/** One thing that is wrong in a catalog file, and how to put it right. */
export const findingSchema = z.object({
  /** Name of the rule that found it; stable, documented in the reference. */
  rule: z.string(),
  level: findingLevelSchema,
  /** Where the file is: an address, or a path. */
  file: z.string(),
  /** Path of the field in the file, e.g. `metadata.annotations.pagerduty.com/service-id`. */
  field: z.string(),
  /** What stands there, shortened; never a credential. */
  found: z.string(),
  message: z.string(),
  fix: z.string(),
});
export type Finding = z.infer<typeof findingSchema>;

/** The `type` of the platform's items in `status.items`. */
export const FINDING_STATUS_TYPE = 'platform.myorg.com/finding';

const findingStatusItemSchema = z.object({
  type: z.literal(FINDING_STATUS_TYPE),
  finding: findingSchema,
});

/**
 * Reads the findings that were stored with an entity. Items of other sources,
 * and ones of a shape this version does not know, are left out.
 */
export function findingsOf(entity: unknown): Finding[] {
  const items = z
    .object({ status: z.object({ items: z.array(z.unknown()) }) })
    .safeParse(entity);
  if (!items.success) {
    return [];
  }
  return items.data.status.items.flatMap(item => {
    const parsed = findingStatusItemSchema.safeParse(item);
    return parsed.success ? [parsed.data.finding] : [];
  });
}

/** The status item under which a finding is stored with an entity. */
export function toStatusItem(finding: Finding) {
  return {
    type: FINDING_STATUS_TYPE,
    level: finding.level,
    message: `${finding.field}: ${finding.message} ${finding.fix}`,
    finding,
  };
}

export const entityFindingsSchema = z.object({
  ref: z.string(),
  title: z.string(),
  kind: z.string(),
  lifecycle: z.string().optional(),
  findings: z.array(findingSchema),
});
export type EntityFindings = z.infer<typeof entityFindingsSchema>;

export const ownerFindingsSchema = z.object({
  /** Reference of the owner; absent for things that name none. */
  owner: z.string().optional(),
  /** False if no such group or user exists. */
  ownerExists: z.boolean(),
  entities: z.array(entityFindingsSchema),
});
export type OwnerFindings = z.infer<typeof ownerFindingsSchema>;

export const findingsAnswerSchema = z.object({
  owners: z.array(ownerFindingsSchema),
  total: z
    .number()
    .int()
    .nonnegative()
    .describe('How many things have findings'),
  truncated: z
    .boolean()
    .describe('True if there are more than could be listed'),
  checkedAt: z
    .string()
    .describe('When references were last compared, ISO 8601 in UTC'),
});
export type FindingsAnswer = z.infer<typeof findingsAnswerSchema>;

export const entityFindingsAnswerSchema = z.object({
  entity: entityFindingsSchema,
});
