// The command tree. Nothing here performs an effect: the context does, and commander throws instead of ending the process.
import { Command } from 'commander';
import { actOn, type Finish, type MakeCommand, type Session } from './command.ts';
import { applyCommand } from './commands/apply.ts';
import { birdCommand } from './commands/bird.ts';
import { checkCommand } from './commands/check.ts';
import { completionCommand } from './commands/completion.ts';
import { downCommand } from './commands/down.ts';
import { execCommand } from './commands/exec.ts';
import { genkeyCommand } from './commands/genkey.ts';
import { holdCommand } from './commands/hold.ts';
import { insideCommand } from './commands/inside.ts';
import { leakCheckCommand } from './commands/leak-check.ts';
import { metricsCommand } from './commands/metrics.ts';
import { planCommand } from './commands/plan.ts';
import { pubkeyCommand } from './commands/pubkey.ts';
import { reloadCommand } from './commands/reload.ts';
import { resumeCommand } from './commands/resume.ts';
import { runCommand } from './commands/run.ts';
import { schemaCommand } from './commands/schema.ts';
import { showCommand } from './commands/show.ts';
import { statusCommand } from './commands/status.ts';
import { versionCommand } from './commands/version.ts';
import { watchCommand } from './commands/watch.ts';
import { version } from './version.ts';

/** In the order of `wgospf --help`: first what an operator types most. */
const commands: readonly MakeCommand[] = [
  checkCommand,
  planCommand,
  applyCommand,
  statusCommand,
  leakCheckCommand,
  watchCommand,
  metricsCommand,
  showCommand,
  birdCommand,
  execCommand,
  downCommand,
  runCommand,
  reloadCommand,
  holdCommand,
  resumeCommand,
  genkeyCommand,
  pubkeyCommand,
  schemaCommand,
  versionCommand,
  completionCommand,
];

const exitCodesHelp = `
Exit codes:
  0   done, in sync
  1   failed, or not in sync
  2   plan: changes are pending
  3   the state file has errors
  4   must be root
  5   another wgospf is at work
  6   the daemon does not run
  7   what is ours belongs to another network namespace
  64  usage error`;

export function makeProgram(session: Session, finish: Finish): Command {
  const program = new Command('wgospf')
    .description(
      'Configure a VPN router of a routed mesh from its state file: WireGuard tunnels, policy routing, OSPF by BIRD.',
    )
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .exitOverride()
    // the arguments after the command of `exec` belong to that command
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => session.out(text.trimEnd()),
      writeErr: (text) => session.err(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, 'wgospf: ')),
    })
    .addHelpText('after', exitCodesHelp);
  const act = actOn(session, finish);
  for (const make of commands) program.addCommand(make(act).copyInheritedSettings(program));
  program.addCommand(insideCommand(act).copyInheritedSettings(program), { hidden: true });
  return program;
}
