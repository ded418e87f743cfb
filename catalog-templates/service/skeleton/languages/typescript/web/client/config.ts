import { createContext, use } from 'react';

/** What differs between environments. It comes from the server, so that one build runs in all of them. */
export interface Config {
  title: string;
  apiUrl: string;
}

export const ConfigContext = createContext<Config | undefined>(undefined);

export function useConfig(): Config {
  const config = use(ConfigContext);
  if (!config) throw new Error('useConfig needs a ConfigContext around it');
  return config;
}

/** Throws where the server does not answer with a configuration. */
export async function loadConfig(): Promise<Config> {
  const response = await fetch('/config.json');
  if (!response.ok) {
    throw new Error(`The configuration cannot be loaded: status ${String(response.status)}`);
  }
  const config: unknown = await response.json();
  if (!isConfig(config)) throw new Error('The configuration is not valid');
  return config;
}

function isConfig(value: unknown): value is Config {
  return (
    typeof value === 'object' &&
    value !== null &&
    'title' in value &&
    typeof value.title === 'string' &&
    'apiUrl' in value &&
    typeof value.apiUrl === 'string'
  );
}
