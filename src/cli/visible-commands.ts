// The commands for operators, for completions and the man page.
import { type Command, Help } from 'commander';

export function visibleCommands(program: Command): Command[] {
  const visible = new Set(new Help().visibleCommands(program));
  return program.commands.filter((command) => visible.has(command));
}
