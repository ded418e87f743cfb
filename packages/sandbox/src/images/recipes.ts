import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE } from '../machine/paths';
import { fullName, parseImageName } from './imageName';

/** Files that a recipe's Dockerfile copies, and where they come from. */
export type Ingredient =
  /** A Debian of packages marked essential, as one tar */
  | { kind: 'debian'; suite: string; as: string }
  /** The Go distribution, from the module proxy, checked against its checksum database */
  | { kind: 'go'; version: string; as: string }
  /** A package of the npm registry */
  | { kind: 'npm'; package: string; version: string; as: string }
  /** A file of this package, under `images/` */
  | { kind: 'file'; name: string };

/** How an image is made here that elsewhere is pulled from a public registry. */
export interface Recipe {
  /** Full name that it stands in for */
  name: string;
  dockerfile: string;
  ingredients: Ingredient[];
  /** What a reader should know: where it differs from the one it stands in for */
  note: string;
}

/** Raised when the way of making images changes what comes out. */
const REVISION = 1;

/** The Debian that images are based on where their tag names none, as the public ones were when this was written. */
const SUITE = 'trixie';

/** Versions that a Debian has, of what is taken from its packages. */
const IN_DEBIAN: Record<string, Record<string, string>> = {
  python: { '3.13': 'trixie', '3.11': 'bookworm' },
  postgres: { '17': 'trixie', '15': 'bookworm' },
  redis: { '8': 'trixie', '7': 'bookworm' },
};

const CLEAN =
  'rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/apt /var/log/dpkg.log';

function install(...packages: string[]): string {
  return `RUN apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends ${packages.join(
    ' ',
  )} && ${CLEAN}`;
}

/**
 * The recipe for an image.
 *
 * @returns undefined for an image that cannot be made here
 */
export function recipeFor(name: string): Recipe | undefined {
  const parsed = parseImageName(name);
  const full = fullName(parsed);
  if (
    parsed.registry === 'gcr.io' &&
    parsed.repository.startsWith('distroless/static')
  ) {
    return distroless(full);
  }
  const family = /^library\/(\w+)$/.exec(parsed.repository)?.[1];
  if (parsed.registry !== 'docker.io' || !family) return undefined;
  if (family === 'debian') {
    const suite = /^(trixie|bookworm)(-slim)?$/.exec(parsed.tag)?.[1];
    return suite === undefined ? undefined : debian(full, suite);
  }
  const tag =
    /^(\d+(?:\.\d+){0,2})((?:-(?:slim|trixie|bookworm))*)$/.exec(parsed.tag) ??
    undefined;
  if (!tag) return undefined;
  const [, version, variant] = tag;
  const suite = /trixie|bookworm/.exec(variant)?.[0];
  switch (family) {
    case 'golang':
      return golang(full, version, suite ?? SUITE);
    case 'node':
      return node(full, version, suite ?? SUITE);
    case 'python':
    case 'postgres':
    case 'redis': {
      const key =
        family === 'python'
          ? version.split('.').slice(0, 2).join('.')
          : version.split('.')[0];
      const found = IN_DEBIAN[family][key];
      if (!found || (suite && suite !== found)) return undefined;
      return { python, postgres, redis }[family](full, key, found);
    }
    default:
      return undefined;
  }
}

/** For messages: what can be made here. */
export const MAKEABLE =
  'golang, node, python 3.13 and 3.11, postgres 17 and 15, redis 8 and 7, debian trixie and bookworm (none of them alpine), gcr.io/distroless/static';

/** Key of what comes out: changes with the recipe, with what it is based on, and with the kind of machine. */
export function recipeDigest(recipe: Recipe, based: string[] = []): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([REVISION, process.arch, recipe, based]));
  for (const ingredient of recipe.ingredients) {
    if (ingredient.kind === 'file')
      hash.update(readFileSync(join(PACKAGE, 'images', ingredient.name)));
  }
  return hash.digest('hex');
}

function debian(name: string, suite: string): Recipe {
  return {
    name,
    dockerfile: 'FROM scratch\nADD rootfs.tar /\nCMD ["bash"]\n',
    ingredients: [{ kind: 'debian', suite, as: 'rootfs.tar' }],
    note: `Debian ${suite}, its essential packages and certificates`,
  };
}

function golang(name: string, version: string, suite: string): Recipe {
  return {
    name,
    dockerfile: [
      `FROM docker.io/library/debian:${suite}-slim`,
      install('ca-certificates', 'gcc', 'git', 'libc6-dev', 'make'),
      'COPY go /usr/local/go',
      'ENV GOPATH=/go GOTOOLCHAIN=local PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'RUN mkdir -p -m 1777 /go/src /go/bin',
      'WORKDIR /go',
      'CMD ["bash"]',
      '',
    ].join('\n'),
    ingredients: [{ kind: 'go', version, as: 'go' }],
    note: `Go ${version} as its project publishes it, on Debian ${suite}; without a C++ compiler`,
  };
}

function node(name: string, version: string, suite: string): Recipe {
  const platform = `node-linux-${process.arch}`;
  return {
    name,
    dockerfile: [
      `FROM docker.io/library/debian:${suite}-slim`,
      install('ca-certificates', 'libatomic1', 'libstdc++6'),
      'COPY node /usr/local',
      'COPY npm /usr/local/lib/node_modules/npm',
      'RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx && ln -s node /usr/local/bin/nodejs && groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node',
      'CMD ["node"]',
      '',
    ].join('\n'),
    ingredients: [
      { kind: 'npm', package: platform, version, as: 'node' },
      { kind: 'npm', package: 'npm', version: npmFor(version), as: 'npm' },
    ],
    note: `Node.js ${version} from the npm registry, on Debian ${suite}; without yarn`,
  };
}

/** The line of npm that goes with a line of Node.js. */
function npmFor(version: string): string {
  return Number(version.split('.')[0]) >= 24 ? '11' : '10';
}

function python(name: string, version: string, suite: string): Recipe {
  return {
    name,
    dockerfile: [
      `FROM docker.io/library/debian:${suite}-slim`,
      install('ca-certificates', 'python3', 'python3-pip', 'python3-venv'),
      // The image is there for one program: what Debian guards its own packages against does not apply.
      'RUN rm -f /usr/lib/python3*/EXTERNALLY-MANAGED && ln -s /usr/bin/python3 /usr/local/bin/python && ln -s /usr/bin/python3 /usr/local/bin/python3',
      'CMD ["python3"]',
      '',
    ].join('\n'),
    ingredients: [],
    note: `Python ${version} of Debian ${suite}, with the last figure of the version that Debian has`,
  };
}

function postgres(name: string, version: string, suite: string): Recipe {
  return {
    name,
    dockerfile: [
      `FROM docker.io/library/debian:${suite}-slim`,
      'RUN groupadd --system --gid 999 postgres && useradd --system --uid 999 --gid postgres --home-dir /var/lib/postgresql --shell /bin/bash postgres && install -d -m 755 /etc/postgresql-common && echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf',
      install('ca-certificates', `postgresql-${version}`),
      'COPY postgres-entrypoint.sh /usr/local/bin/docker-entrypoint.sh',
      'RUN install -d -o postgres -g postgres -m 1777 /var/lib/postgresql/data && install -d -o postgres -g postgres -m 3777 /var/run/postgresql && mkdir /docker-entrypoint-initdb.d',
      `ENV PATH=/usr/lib/postgresql/${version}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin PGDATA=/var/lib/postgresql/data LANG=C.UTF-8`,
      'VOLUME /var/lib/postgresql/data',
      'ENTRYPOINT ["docker-entrypoint.sh"]',
      'STOPSIGNAL SIGINT',
      'EXPOSE 5432',
      'CMD ["postgres"]',
      '',
    ].join('\n'),
    ingredients: [{ kind: 'file', name: 'postgres-entrypoint.sh' }],
    note: `PostgreSQL ${version} of Debian ${suite}; takes the usual POSTGRES_ variables`,
  };
}

function redis(name: string, version: string, suite: string): Recipe {
  return {
    name,
    dockerfile: [
      `FROM docker.io/library/debian:${suite}-slim`,
      'RUN groupadd --system --gid 999 redis && useradd --system --uid 999 --gid redis --home-dir /data redis',
      install('redis-server'),
      'RUN install -d -o redis -g redis -m 1777 /data',
      'VOLUME /data',
      'WORKDIR /data',
      'USER 999:999',
      'EXPOSE 6379',
      'ENTRYPOINT ["redis-server", "--bind", "*", "--protected-mode", "no"]',
      '',
    ].join('\n'),
    ingredients: [],
    note: `Redis ${version} of Debian ${suite}`,
  };
}

function distroless(name: string): Recipe {
  const user = name.endsWith('nonroot') ? ['USER 65532:65532'] : [];
  return {
    name,
    dockerfile: [
      `FROM docker.io/library/debian:${SUITE}-slim AS source`,
      install('ca-certificates', 'tzdata'),
      `RUN mkdir -p /out/tmp /out/etc/ssl/certs /out/usr/share /out/home/nonroot && chmod 1777 /out/tmp && chown 65532:65532 /out/home/nonroot && cp -a /usr/share/zoneinfo /out/usr/share/ && cp /etc/ssl/certs/ca-certificates.crt /out/etc/ssl/certs/ && printf 'root:x:0:0:root:/root:/sbin/nologin\\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\\n' > /out/etc/passwd && printf 'root:x:0:\\nnonroot:x:65532:\\n' > /out/etc/group`,
      'FROM scratch',
      'COPY --from=source /out /',
      'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt',
      ...user,
      '',
    ].join('\n'),
    ingredients: [],
    note: 'Certificates, time zones and users; nothing that runs',
  };
}
