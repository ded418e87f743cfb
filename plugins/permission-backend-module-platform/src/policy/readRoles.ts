import { RootConfigService } from '@backstage/backend-plugin-api';
import { readConfigAs } from '@highroad/plugin-platform-node';
import { z } from 'zod';

const reference = z
  .string()
  .regex(
    /^(user|group):[^:/\s]+\/[^:/\s]+$/i,
    'use a whole reference, such as group:default/platform-team',
  )
  .transform(ref => ref.toLocaleLowerCase('en-US'));

const rolesSchema = z
  .object({
    admins: z.array(reference).nullish(),
    auditors: z.array(reference).nullish(),
  })
  .optional();

/** Who has which role beyond owning things: references of groups and users. */
export interface Roles {
  admins: string[];
  auditors: string[];
}

/** @throws InputError naming the path of a bad key under `platform.access` */
export function readRoles(config: RootConfigService): Roles {
  const roles = readConfigAs(config, 'platform.access', rolesSchema);
  return { admins: roles?.admins ?? [], auditors: roles?.auditors ?? [] };
}
