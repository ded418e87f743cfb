import { z } from 'zod';

const commit = z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/);
const time = z
  .string()
  .datetime({ offset: true })
  .transform(text => new Date(text).toISOString());
const number = z.number().int().positive();
const labels = z
  .array(z.object({ name: z.string() }))
  .nullish()
  .transform(list => (list ?? []).map(one => one.name));

/** What GitHub and Gitea have in common of a pull request that is closed, as far as it is counted. */
export const closedSchema = z.object({
  number,
  title: z.string(),
  body: z.string().nullish(),
  html_url: z.string().url(),
  created_at: time,
  merged_at: time.nullish(),
  merge_commit_sha: commit.nullish(),
  updated_at: time,
  labels,
});
export type Closed = z.output<typeof closedSchema>;

/** A commit of a pull request. */
export const commitSchema = z.object({
  sha: commit,
  commit: z.object({ author: z.object({ date: time }) }),
});

/** An issue; GitHub lists pull requests among them. */
export const issueSchema = z.object({
  number,
  html_url: z.string().url(),
  created_at: time,
  closed_at: time.nullish(),
  updated_at: time,
  labels,
  pull_request: z.object({}).nullish(),
});
export type Issue = z.output<typeof issueSchema>;
