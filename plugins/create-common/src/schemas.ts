import { z } from 'zod';

/** A place a repository can be created in. */
export const gitHostSchema = z.object({
  /** The host as configured under `integrations`, or `local` for this machine */
  host: z.string(),
  kind: z.enum(['github', 'gitea', 'local']),
  /** What a person calls it */
  title: z.string(),
  /** Whose repositories are created there when nobody says otherwise; empty for the owning team's name */
  defaultOwner: z.string(),
  /** Absent when repositories can be created there; otherwise what is missing, and how to connect it */
  problem: z.string().optional(),
});
export type GitHostInfo = z.infer<typeof gitHostSchema>;

export const gitHostListSchema = z.object({
  items: z.array(gitHostSchema),
  /** The host taken when nobody chooses */
  default: z.string(),
});
export type GitHostList = z.infer<typeof gitHostListSchema>;

/** Whether a name can be used for a new service. */
export const nameCheckSchema = z.object({
  name: z.string(),
  available: z.boolean(),
  /** What is wrong and how to mend it; absent when the name is available */
  problem: z.string().optional(),
  /** Which of the answers that were given is wrong */
  field: z.enum(['name', 'owner', 'system']).optional(),
});
export type NameCheck = z.infer<typeof nameCheckSchema>;

export const previewFileSchema = z.object({
  path: z.string(),
  /** Bytes */
  size: z.number(),
  executable: z.boolean(),
});

/** What a creation would make, found out by running its template without effects. */
export const previewSchema = z.object({
  /** Sorted by path; relative to the repository's root */
  files: z.array(previewFileSchema),
  /** Where it would be, as the template's output says */
  output: z.record(z.unknown()),
});
export type Preview = z.infer<typeof previewSchema>;

export const previewRequestSchema = z.object({
  templateRef: z.string(),
  values: z.record(z.unknown()),
});
export type PreviewRequest = z.infer<typeof previewRequestSchema>;
