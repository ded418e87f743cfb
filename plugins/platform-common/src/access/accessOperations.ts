import { z } from 'zod';
import { defineOperation } from '../operations/Operation';

/** One thing that can be done, and what it takes. */
export const describedOperationSchema = z.object({
  plugin: z.string(),
  name: z.string(),
  /** Goes on from "You may" */
  summary: z.string(),
  method: z.string(),
  path: z.string(),
  /** Name of the permission; none if everyone who is signed in may, or if it is signed instead */
  permission: z.string().optional(),
  /** Key of the configuration with whose secret it has to be signed; none if one signs in for it */
  signedWith: z.string().optional(),
  /** Whether more is left out of the answer the less one may see */
  filtered: z.boolean(),
  /** What is recorded; none if nothing changes */
  event: z.string().optional(),
  severity: z.string().optional(),
  /** Id in the actions registry */
  action: z.string().optional(),
});
export type DescribedOperation = z.infer<typeof describedOperationSchema>;

/** What the permission plugin answers beyond what is its own. */
export const accessOperations = {
  listOperations: defineOperation({
    plugin: 'permission',
    name: 'list-operations',
    summary: 'see what can be done, and what it takes',
    http: { method: 'GET', path: '/platform/v1/operations' },
    input: z.object({}),
    output: z.object({ items: z.array(describedOperationSchema) }),
    access: 'signed-in',
    audit: 'no-effect',
  }),
};
