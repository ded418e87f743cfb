import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { diagnosisSchema, podsSchema } from './diagnosis';
import { deploymentReadPermission } from './permissions';

const place = z.object({
  service: z
    .string()
    .min(1)
    .max(300)
    .describe('Reference of a service, such as component:default/cart'),
  environment: z.string().min(1).max(63),
});

export const diagnose = defineOperation({
  plugin: 'deployments',
  name: 'diagnose',
  summary: 'say how a service is doing somewhere, and why it fails',
  http: { method: 'GET', path: '/v1/diagnosis' },
  input: place,
  output: z.object({ diagnosis: diagnosisSchema }),
  access: { permission: deploymentReadPermission },
  audit: 'no-effect',
  action: {
    name: 'diagnose',
    title: 'Why is it failing?',
    description:
      'Looks at a service in an environment and says in words how it is doing and why it fails, with its pods, their restarts and events, firing alerts, what was deployed lately, who is on call, and the last lines of its log. What looks like a secret is taken out of them.',
  },
});

/** What a page looks at again and again, without asking everybody who is asked why something fails. */
export const pods = defineOperation({
  plugin: 'deployments',
  name: 'pods',
  summary: 'see which pods there are of a service somewhere',
  http: { method: 'GET', path: '/v1/pods' },
  input: place,
  output: z.object({ pods: podsSchema }),
  access: { permission: deploymentReadPermission },
  audit: 'no-effect',
});
