// The BIRD of a Host: its program, its control socket, and the group that must be able to read its file.
import { groupExists } from '../accounts.ts';
import type { Bird } from '../types.ts';
import { checkBirdConfig } from './check.ts';
import { createCheckText } from './check-text.ts';
import { birdCommand, birdQuestion, createPoll } from './control-client.ts';
import { startBird, stopBird } from './service.ts';
import { serviceUser } from './service-user.ts';
import { startSkipped } from './start-skipped.ts';
import { createBirdProgram } from './version.ts';

export function createBird(): Bird {
  return {
    ...createBirdProgram(),
    check: checkBirdConfig,
    checkText: createCheckText(),
    command: (socket, text, deadline) => birdCommand(socket, text, deadline),
    start: startBird,
    startSkipped,
    stop: stopBird,
    ask: (socket, question, deadline) => birdQuestion(socket, question, deadline),
    poll: createPoll(),
    serviceUser: () => serviceUser(),
    // Debian's bird.service runs `bird -u bird -g bird`, and `configure` opens the file as that user; a BIRD that runs as
    // root can read the file of any group
    group: async () => ((await groupExists('bird')) ? 'bird' : 'root'),
  };
}
