/** The command by which a shell asks what may follow; the words up to the cursor come after `--`. It is in no list of commands. */
export const completeCommand = "__complete";

/** How scripts call it. */
export const asked = `${completeCommand} --`;
