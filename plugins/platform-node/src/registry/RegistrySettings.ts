import { Config } from '@backstage/config';
import { SecretValue, secretText } from '@highroad/plugin-platform-common';
import { readConfigAs } from '../access/readConfigAs';
import { z } from 'zod';
import { apiHost, registryHost } from './ImageReference';

const registrySchema = z
  .object({
    host: z
      .string()
      .regex(/^[^/\s@]+$/, 'write a host with its port, without https://'),
    username: z.string().min(1).optional(),
    password: secretText(z.string().min(1)).optional(),
    insecure: z.boolean().default(false),
  })
  .strict()
  .superRefine((registry, context) => {
    if (Boolean(registry.username) === Boolean(registry.password)) return;
    context.addIssue({
      code: 'custom',
      path: [registry.username ? 'password' : 'username'],
      message: 'a user name and a password or token belong together',
    });
  });

const registriesSchema = z
  .array(registrySchema)
  .default([])
  .superRefine((registries, context) => {
    const hosts = registries.map(({ host }) => registryHost(host));
    hosts.forEach((host, at) => {
      if (hosts.indexOf(host) === at) return;
      context.addIssue({
        code: 'custom',
        path: [at, 'host'],
        message: `"${host}" is there twice`,
      });
    });
  });

/** Who the platform is at a registry. */
export interface RegistryCredentials {
  username: string;
  password: SecretValue;
}

/** How one registry is reached. */
export interface RegistryAccess {
  /** As in the names of images */
  registry: string;
  /** Without a slash at the end */
  baseUrl: string;
  /** Whether plain http is used */
  insecure: boolean;
  credentials?: RegistryCredentials;
}

/** How each registry is reached, and with what credentials, as `platform.registries` says. */
export class RegistrySettings {
  readonly #registries: Map<string, z.output<typeof registrySchema>>;

  /** @throws InputError naming the path of a key under `platform.registries` that is wrong */
  static fromConfig(config: Config): RegistrySettings {
    const registries = readConfigAs(
      config,
      'platform.registries',
      registriesSchema,
    );
    return new RegistrySettings(
      new Map(registries.map(one => [registryHost(one.host), one])),
    );
  }

  private constructor(
    registries: Map<string, z.output<typeof registrySchema>>,
  ) {
    this.#registries = registries;
  }

  /** @param registry - as in the names of images */
  knows(registry: string): boolean {
    return this.#registries.has(registry);
  }

  /** Plain http only where it was asked for, or where the traffic does not leave this machine. */
  access(registry: string): RegistryAccess {
    const known = this.#registries.get(registry);
    const insecure = known?.insecure || isLoopback(registry);
    return {
      registry,
      baseUrl: `${insecure ? 'http' : 'https'}://${apiHost(registry)}`,
      insecure,
      ...(known?.username &&
        known.password && {
          credentials: { username: known.username, password: known.password },
        }),
    };
  }
}

/** As container engines decide it: `localhost`, 127.0.0.0/8 and ::1, at any port. */
function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, '');
  return (
    name === 'localhost' ||
    name === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(name)
  );
}
