import { Config } from '@backstage/config';
import { NotAllowedError } from '@backstage/errors';
import { InputError } from '@backstage/errors';
import { z } from 'zod';
import { readConfigAs } from './readConfigAs';

const ANY = '*';
/** What Backstage puts before the id of a plugin that acts for itself. */
const PLUGIN = 'plugin:';

const machineSchema = z
  .object({
    subject: z
      .string()
      .min(1)
      .refine(subject => !subject.startsWith(PLUGIN), 'a machine is no plugin'),
    services: z
      .array(
        z
          .string()
          .regex(
            /^(\*|[a-z]+:[^:/\s]+\/[^:/\s]+)$/i,
            'use a whole reference, such as component:default/cart, or "*"',
          )
          .transform(ref => ref.toLocaleLowerCase('en-US')),
      )
      .min(1),
    environments: z.array(z.string().min(1)).default([]),
    operations: z.array(z.string().min(1)).default([]),
  })
  .strict();

const machinesSchema = z
  .array(machineSchema)
  .default([])
  .superRefine((machines, context) => {
    machines.forEach(({ subject }, at) => {
      if (machines.findIndex(other => other.subject === subject) < at) {
        context.addIssue({
          code: 'custom',
          path: [at, 'subject'],
          message: `"${subject}" is there twice; put what it may do into one entry`,
        });
      }
    });
  });

/** What one machine's token may do. */
export interface MachineScope {
  /** Whether it names this operation, by its permission */
  mayDo(operation: string): boolean;
  mayTouch(service: string): boolean;
  mayEnter(environment: string): boolean;
  /** The services that it is limited to; `undefined` if it isn't */
  readonly services: string[] | undefined;
}

/**
 * Rights of machines: tokens from outside that belong to no person. Backstage asks no policy about them, so they are
 * checked here: a token names services, environments and operations, and can do nothing else.
 */
export class MachineAccess {
  readonly #scopes: Map<string, MachineScope>;

  /** @throws InputError naming the path of a key under `platform.access.machines` that is wrong */
  static fromConfig(config: Config): MachineAccess {
    refusePluginSubjects(config);
    const machines = readConfigAs(
      config,
      'platform.access.machines',
      machinesSchema,
    );
    return new MachineAccess(
      new Map(machines.map(machine => [machine.subject, scopeOf(machine)])),
    );
  }

  private constructor(scopes: Map<string, MachineScope>) {
    this.#scopes = scopes;
  }

  /** Whether a principal is a machine outside, rather than a plugin of this backend. */
  isOutside(subject: string): boolean {
    return !subject.startsWith(PLUGIN);
  }

  /** @returns nothing for a machine that the configuration does not know, which may do nothing */
  scope(subject: string): MachineScope | undefined {
    return this.#scopes.get(subject);
  }

  /** What such a machine is told, wherever it asks. */
  refusal(subject: string): NotAllowedError {
    return new NotAllowedError(
      `This token (${subject}) is not named under platform.access.machines, so it may do nothing here.`,
    );
  }
}

/** A token from outside under the name of a plugin would be taken for that plugin. */
function refusePluginSubjects(config: Config): void {
  const tokens = config.getOptionalConfigArray('backend.auth.externalAccess');
  tokens?.forEach((token, at) => {
    const subject = token.getOptionalString('options.subject');
    if (subject?.startsWith(PLUGIN)) {
      throw new InputError(
        `backend.auth.externalAccess[${at}].options.subject: "${subject}" would be taken for a plugin of the backend. Give it another name.`,
      );
    }
  });
}

function scopeOf(machine: z.output<typeof machineSchema>): MachineScope {
  const { services, environments, operations } = machine;
  const has = (list: string[], one: string) =>
    list.includes(ANY) || list.includes(one);
  return {
    mayDo: operation => operations.includes(operation),
    mayTouch: service => has(services, service.toLocaleLowerCase('en-US')),
    mayEnter: environment => has(environments, environment),
    services: services.includes(ANY) ? undefined : services,
  };
}
