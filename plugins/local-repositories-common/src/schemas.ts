import { z } from 'zod';

export const commitSchema = z.object({
  id: z.string(),
  message: z.string(),
  author: z.string(),
  /** ISO 8601 */
  time: z.string(),
});
export type Commit = z.infer<typeof commitSchema>;

export const repositorySchema = z.object({
  owner: z.string(),
  name: z.string(),
  defaultBranch: z.string(),
  /** What `git clone` takes on the machine the portal runs on */
  cloneUrl: z.string(),
  /** Absent while the repository is empty */
  lastCommit: commitSchema.optional(),
});
export type Repository = z.infer<typeof repositorySchema>;

export const treeEntrySchema = z.object({
  path: z.string(),
  type: z.enum(['file', 'folder']),
  /** Bytes; absent for a folder */
  size: z.number().optional(),
});
export type TreeEntry = z.infer<typeof treeEntrySchema>;

export const fileSchema = z.object({
  path: z.string(),
  size: z.number(),
  /** Absent for a binary file, and for one over 1 MiB */
  text: z.string().optional(),
});
export type RepositoryFile = z.infer<typeof fileSchema>;

export const repositoryListSchema = z.object({
  items: z.array(repositorySchema),
});
export const treeSchema = z.object({
  ref: z.string(),
  path: z.string(),
  entries: z.array(treeEntrySchema),
});
export type Tree = z.infer<typeof treeSchema>;
export const commitListSchema = z.object({ items: z.array(commitSchema) });
