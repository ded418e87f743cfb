import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import {
  commitListSchema,
  fileSchema,
  repositoryListSchema,
  repositorySchema,
  treeSchema,
} from './schemas';

const id = { owner: z.string(), name: z.string() };
const ref = z
  .string()
  .default('HEAD')
  .describe('Branch, tag or commit; HEAD for the default branch');

/**
 * Read only: a repository is written by its creation, and by `git push` to its folder. Signed in is enough: like the
 * catalog, what is not secret can be read by everyone in the company.
 */
export const localRepositoriesOperations = {
  list: defineOperation({
    plugin: 'local-repositories',
    name: 'list',
    summary: 'see the repositories of this machine',
    http: { method: 'GET', path: '/repositories' },
    input: z.object({}),
    output: repositoryListSchema,
    access: 'signed-in',
    audit: 'no-effect',
  }),
  get: defineOperation({
    plugin: 'local-repositories',
    name: 'get',
    summary: 'see a repository of this machine',
    http: { method: 'GET', path: '/repositories/:owner/:name' },
    input: z.object(id),
    output: repositorySchema,
    access: 'signed-in',
    audit: 'no-effect',
  }),
  tree: defineOperation({
    plugin: 'local-repositories',
    name: 'tree',
    summary: 'see the folders of a repository of this machine',
    http: { method: 'GET', path: '/repositories/:owner/:name/tree' },
    input: z.object({
      ...id,
      ref,
      path: z.string().default('').describe('A folder; empty for the root'),
    }),
    output: treeSchema,
    access: 'signed-in',
    audit: 'no-effect',
  }),
  file: defineOperation({
    plugin: 'local-repositories',
    name: 'file',
    summary: 'read the files of a repository of this machine',
    http: { method: 'GET', path: '/repositories/:owner/:name/file' },
    input: z.object({ ...id, ref, path: z.string() }),
    output: fileSchema,
    access: 'signed-in',
    audit: 'no-effect',
  }),
  commits: defineOperation({
    plugin: 'local-repositories',
    name: 'commits',
    summary: 'see the commits of a repository of this machine',
    http: { method: 'GET', path: '/repositories/:owner/:name/commits' },
    input: z.object({ ...id, ref }),
    output: commitListSchema,
    access: 'signed-in',
    audit: 'no-effect',
  }),
};
