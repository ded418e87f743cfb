/** What a Dockerfile takes from elsewhere. */
export interface DockerfileBases {
  /** Images that its stages and copies begin with, as they are written, each once; never `scratch` or an own stage */
  images: string[];
  /** What its first stage is made from: the one that usually holds the tools to build with */
  first: string | undefined;
}

/**
 * Finds the images that a Dockerfile needs before it can be built.
 * Format: https://docs.docker.com/reference/dockerfile/
 *
 * @param text - the Dockerfile
 * @param buildArgs - values that take the place of defaults of ARG
 * @throws Error for a FROM whose image cannot be known without a value for its ARG
 */
export function basesOf(
  text: string,
  buildArgs: Record<string, string> = {},
): DockerfileBases {
  const values: Record<string, string> = {};
  const stages = new Set<string>();
  const images = new Set<string>();
  let first: string | undefined;
  let stageCount = 0;
  for (const instruction of instructions(text)) {
    const [keyword, ...words] = instruction.split(/\s+/);
    switch (keyword.toUpperCase()) {
      case 'ARG':
        // Only those before the first FROM can be used in a FROM.
        if (stageCount === 0)
          readArgument(words, buildArgs, values, instruction);
        break;
      case 'FROM': {
        const [written, as, alias] = words.filter(
          word => !word.startsWith('--'),
        );
        const image = withValues(written ?? '', values, instruction);
        if (stageCount === 0 && image !== 'scratch') first = image;
        if (image !== 'scratch' && !stages.has(image.toLowerCase()))
          images.add(image);
        stages.add(String(stageCount));
        if (as?.toUpperCase() === 'AS' && alias)
          stages.add(alias.toLowerCase());
        stageCount += 1;
        break;
      }
      default:
        for (const source of sourcesOf(instruction)) {
          if (!stages.has(source.toLowerCase())) images.add(source);
        }
    }
  }
  return { images: [...images], first };
}

/** Instructions in one line each, without comments. */
function instructions(text: string): string[] {
  const found: string[] = [];
  let open = '';
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*#/.test(line)) continue;
    const continued = /\\\s*$/.test(line);
    open += `${line.replace(/\\\s*$/, '')} `;
    if (continued) continue;
    if (open.trim()) found.push(open.trim());
    open = '';
  }
  if (open.trim()) found.push(open.trim());
  return found;
}

function readArgument(
  words: string[],
  given: Record<string, string>,
  values: Record<string, string>,
  instruction: string,
) {
  for (const word of words) {
    const at = word.indexOf('=');
    const name = at < 0 ? word : word.slice(0, at);
    const value =
      given[name] ??
      (at < 0
        ? undefined
        : withValues(
            word.slice(at + 1).replace(/^(["'])(.*)\1$/, '$2'),
            values,
            instruction,
          ));
    if (value !== undefined) values[name] = value;
  }
}

/** Puts values in place of `$NAME`, `${NAME}` and `${NAME:-default}`. */
function withValues(
  text: string,
  values: Record<string, string>,
  instruction: string,
): string {
  return text.replace(
    /\$(?:(\w+)|\{(\w+)(?::-([^}]*))?\})/g,
    (_, plain?: string, braced?: string, otherwise?: string) => {
      const value = values[plain ?? braced ?? ''] || otherwise;
      if (value === undefined) {
        throw new Error(
          `"${instruction}" names no image without a value for ${
            plain ?? braced
          }: give its ARG a default, or pass it as a build argument.`,
        );
      }
      return value;
    },
  );
}

/** Images and stages that a COPY or a mount of a RUN takes files from. */
function sourcesOf(instruction: string): string[] {
  if (/^(COPY|ADD)\s/i.test(instruction)) {
    const source = /\s--from=(\S+)/.exec(instruction)?.[1];
    return source ? [source] : [];
  }
  if (/^RUN\s/i.test(instruction)) {
    return [...instruction.matchAll(/\s--mount=(\S+)/g)].flatMap(
      ([, options]) =>
        options
          .split(',')
          .filter(option => option.startsWith('from='))
          .map(option => option.slice('from='.length)),
    );
  }
  return [];
}
