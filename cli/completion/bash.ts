import { command } from "../command.js";
import { asked } from "./protocol.js";

const script = `# Completion of cleanroom for bash, also for the 3.2 of macOS.
_cleanroom() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :file ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")
      return
    fi
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <("$1" ${asked} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _cleanroom cleanroom
`;

export default command({
  description:
    "Prints what makes bash complete commands, options, their values and names of clients. Put `source <(cleanroom completion bash)` into " +
    "~/.bashrc, or keep the script where bash-completion looks for it.",
  examples: [
    ["In this shell", "source <(cleanroom completion bash)"],
    ["In every new one", "cleanroom completion bash > ~/.local/share/bash-completion/completions/cleanroom"],
  ],
  options: {},
  text: (result: string) => result,
  run: () => Promise.resolve(script),
});
