import { join } from 'node:path';
import { PACKAGE } from '../machine/paths';
import { answers } from '../servers/http';
import { ServerDefinition } from '../servers/Server';

const FORWARDED =
  /^(https?_proxy|no_proxy|HTTPS?_PROXY|NO_PROXY|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|GO(PROXY|SUMDB|NOSUMDB|NOPROXY|PRIVATE|INSECURE)|PIP_(INDEX_URL|EXTRA_INDEX_URL|TRUSTED_HOST|PROXY|CONFIG_FILE|CERT)|npm_config_(registry|userconfig)|NPM_CONFIG_REGISTRY|HIGHROAD_CACHE|XDG_CACHE_HOME|DOCKER_(HOST|CONFIG|CONTEXT))$/;

/** Where the portal is in a browser, unless the environment says otherwise. */
const PORTAL = 'http://localhost:3000';

/** Stands where a company's CI would: builds what is pushed to Gitea. */
export const builder: ServerDefinition = {
  name: 'builder',
  title: 'Builds what is pushed',
  programs: [],
  needs: ['gitea', 'registry'],
  address: ({ ports }) => `http://127.0.0.1:${ports.builder}`,
  command: ({ paths }) => ({
    // Whoever works on this machine goes first.
    command: 'nice',
    args: [
      '-n',
      '10',
      process.execPath,
      join(PACKAGE, 'bin/sandbox'),
      'builder',
      '--state',
      paths.state,
      '--portal',
      process.env.HIGHROAD_PORTAL_URL ?? PORTAL,
    ],
    env: forwarded(),
  }),
  ready: ({ connection }) =>
    answers(`http://127.0.0.1:${connection.ports.builder}/healthz`),
  stopWithinSeconds: 20,
};

/** How this person's machine reaches the outside, and where its cache is; nothing else of the environment. */
function forwarded(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value !== undefined && FORWARDED.test(name) ? [[name, value]] : [],
    ),
  );
}
