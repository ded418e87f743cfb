import { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

interface Node {
  /** Words after `platform` */
  path: string[];
  words: string[];
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
  return [
    { path, words: [...subcommands, ...options] },
    ...command.commands.flatMap(sub => walk(sub, [...path, sub.name()])),
  ];
}

function bash(nodes: Node[]): string {
  const cases = nodes
    .map(
      node =>
        `    "${node.path.join(' ')}") words="${node.words.join(' ')}" ;;`,
    )
    .join('\n');
  return `_platform() {
  local word path="" words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) path="\${path:+$path }$word" ;; esac
  done
  case "$path" in
${cases}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _platform platform
`;
}

function fish(nodes: Node[]): string {
  const lines = nodes.map(
    node =>
      `complete -c platform -f -n 'test (string join " " (commandline -opc)[2..]) = "${node.path.join(
        ' ',
      )}"' -a '${node.words.join(' ')}'`,
  );
  return `${lines.join('\n')}\n`;
}
