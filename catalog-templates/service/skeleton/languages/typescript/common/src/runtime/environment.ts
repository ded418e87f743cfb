import Type, { type Static, type TObject } from 'typebox';
import Value from 'typebox/value';

/**
 * The settings every service has. A service spreads them into a schema of its own.
 * A description says what the variable expects: it is what the person who got it wrong reads.
 */
export const runtimeSettings = {
  PORT: wholeNumber(8080, 1, 65_535),
  LOG_LEVEL: Type.Enum(['debug', 'info', 'warn', 'error'], {
    default: 'info',
    description: 'debug, info, warn or error',
  }),
  SHUTDOWN_TIMEOUT: seconds(20),
};

/** A positive number of seconds, which may have a fraction. */
export function seconds(fallback: number) {
  return Type.Number({
    exclusiveMinimum: 0,
    maximum: 86_400,
    default: fallback,
    description: 'a number of seconds above 0',
  });
}

export function wholeNumber(fallback: number, minimum: number, maximum: number) {
  // Not Type.Integer, which would cut 80.5 down to 80.
  return Type.Number({
    multipleOf: 1,
    minimum,
    maximum,
    default: fallback,
    description: `a whole number from ${String(minimum)} to ${String(maximum)}`,
  });
}

export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/**
 * Reads settings from environment variables; an empty one counts as unset.
 * Throws one ConfigurationError that names every wrong variable and what it expects, and repeats
 * no value: an address may hold a password.
 */
export function readEnvironment<T extends TObject>(
  schema: T,
  env: Readonly<Record<string, string | undefined>>,
): Static<T> {
  const settings: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, property] of Object.entries(schema.properties)) {
    const given = env[name] === '' ? undefined : env[name];
    settings[name] = Value.Convert(property, Value.Default(property, given));
    if (Value.Check(property, settings[name])) continue;
    const expected = 'description' in property ? String(property.description) : 'a valid value';
    problems.push(
      given === undefined
        ? `${name} is not set, expected ${expected}`
        : `${name} must be ${expected}`,
    );
  }
  if (problems.length > 0 || !Value.Check(schema, settings)) {
    throw new ConfigurationError(`wrong environment: ${problems.join('; ')}`);
  }
  return settings;
}
