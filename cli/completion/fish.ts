import { command } from "../command.js";
import { asked } from "./protocol.js";

const script = `# Completion of cleanroom for fish.
function __cleanroom_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l lines ($words[1] ${asked} $words[2..-1] 2>/dev/null)
  if test "$lines[1]" = :file
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $lines
  end
end
complete -c cleanroom -f -k -a '(__cleanroom_complete)'
`;

export default command({
  description: "Prints what makes fish complete commands, options, their values and names of clients.",
  examples: [
    ["In this shell", "cleanroom completion fish | source"],
    ["In every new one", "cleanroom completion fish > ~/.config/fish/completions/cleanroom.fish"],
  ],
  options: {},
  text: (result: string) => result,
  run: () => Promise.resolve(script),
});
