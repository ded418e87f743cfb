import { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

interface Node {
  /** Words after `platform` */
  path: string[];
  words: string[];
  /** What an option takes, where it takes one of a few things */
  choices: Array<{ option: string; values: readonly string[] }>;
}

/** A script that completes the words of a command tree. */
export function completionScript(shell: Shell, root: Command): string {
  const nodes = walk(root, []);
  switch (shell) {
    case 'fish':
      return fish(nodes);
    case 'zsh':
      return `#compdef platform\nautoload -U +X bashcompinit && bashcompinit\n${bash(
        nodes,
      )}`;
    default:
      return bash(nodes);
  }
}

function walk(command: Command, path: string[]): Node[] {
  const subcommands = command.commands.map(sub => sub.name());
  const options = command.options
    .map(option => option.long)
    .filter((long): long is string => Boolean(long));
  const choices = command.options.flatMap(({ long, argChoices }) =>
    long && argChoices ? [{ option: long, values: argChoices }] : [],
  );
  return [
    { path, words: [...subcommands, ...options], choices },
    ...command.commands.flatMap(sub => walk(sub, [...path, sub.name()])),
  ];
}

/** Names and values of options are no part of the command: only words by which it is known go on with it. */
function bash(nodes: Node[]): string {
  const known = nodes
    .filter(node => node.path.length > 0)
    .map(node => `"${node.path.join(' ')}"`)
    .join('|');
  const words = nodes
    .map(
      node =>
        `    "${node.path.join(' ')}") words="${node.words.join(' ')}" ;;`,
    )
    .join('\n');
  const choices = nodes
    .flatMap(node =>
      node.choices.map(
        ({ option, values }) =>
          `    "${[...node.path, option].join(' ')}") words="${values.join(
            ' ',
          )}" ;;`,
      ),
    )
    .join('\n');
  return `_platform() {
  local word path="" next words="" last="\${COMP_WORDS[COMP_CWORD-1]}"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next="\${path:+$path }$word"
    case "$next" in ${known}) path="$next" ;; esac
  done
  case "$path" in
${words}
  esac
  case "\${path:+$path }$last" in
${choices}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _platform platform
`;
}

function fish(nodes: Node[]): string {
  const known = nodes
    .filter(node => node.path.length > 0)
    .map(node => `'${node.path.join(' ')}'`)
    .join(' ');
  const lines = nodes.flatMap(node => {
    const here = `test (__platform_command) = '${node.path.join(' ')}'`;
    return [
      `complete -c platform -f -n "${here}" -a '${node.words.join(' ')}'`,
      ...node.choices.map(
        ({ option, values }) =>
          `complete -c platform -f -n "${here}; and test (commandline -opc)[-1] = '${option}'" -a '${values.join(
            ' ',
          )}'`,
      ),
    ];
  });
  return `function __platform_command
  set -l path ''
  for word in (commandline -opc)[2..]
    set -l next (string trim "$path $word")
    if contains -- "$next" ${known}
      set path "$next"
    end
  end
  echo "$path"
end
${lines.join('\n')}
`;
}
