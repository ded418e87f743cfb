import { plainSecretKind } from '@highroad/plugin-platform-common';

/** A secret that is none any more. */
export interface PlainSecret {
  /** Under `spec`, such as services, 0, env, 2, value */
  path: Array<string | number>;
  /** What holds it and what to write instead, without the value */
  message: string;
}

/** Secrets that stand in an environment's manifest in plain text, where everybody reads them who reads it. */
export function plainSecretsIn(
  services: Array<{
    name: string;
    env: Array<{ name: string; value?: string }>;
  }>,
): PlainSecret[] {
  return services.flatMap(({ name: service, env }, at) =>
    env.flatMap(({ name, value }, position) => {
      const kind = value && plainSecretKind(name, value);
      if (!kind) return [];
      return [
        {
          path: ['services', at, 'env', position, 'value'],
          message: `${name} holds ${kind} in plain text, for everybody who reads the manifest; set it with platform secrets set ${service}/${name}, and in place of the value write secret: { service: ${service}, key: ${name} }. Whoever gave it out should replace it`,
        },
      ];
    }),
  );
}
