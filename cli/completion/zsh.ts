import { command } from "../command.js";
import { asked } from "./protocol.js";

const script = `#compdef cleanroom
# Completion of cleanroom for zsh.
_cleanroom() {
  local -a lines described
  local line word
  lines=("\${(@f)$("$words[1]" ${asked} "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ "$lines[1]" == ":file" ]]; then
    _files
    return
  fi
  for line in $lines; do
    word="\${\${line%%$'\\t'*}//:/\\\\:}"
    [[ "$line" == *$'\\t'* ]] && word+=":\${line#*$'\\t'}"
    described+=("$word")
  done
  _describe -V cleanroom described
}
if [[ "$funcstack[1]" == "_cleanroom" ]]; then
  _cleanroom "$@"
else
  compdef _cleanroom cleanroom
fi
`;

export default command({
  description:
    "Prints what makes zsh complete commands, options, their values and names of clients. Put `source <(cleanroom completion zsh)` into " +
    "~/.zshrc, after compinit, or keep the script as _cleanroom in a folder of fpath.",
  examples: [
    ["In this shell", "source <(cleanroom completion zsh)"],
    ["In every new one", 'cleanroom completion zsh > "${fpath[1]}/_cleanroom"'],
  ],
  options: {},
  text: (result: string) => result,
  run: () => Promise.resolve(script),
});
