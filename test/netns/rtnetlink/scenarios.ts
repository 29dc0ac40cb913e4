// Every scenario by its name.
import { interruptedScenarios } from './interrupted-scenarios.ts';
import { objectScenarios } from './object-scenarios.ts';
import { ruleScenarios } from './rule-scenarios.ts';
import type { Scenario } from './scenario.ts';

export const scenarios: Readonly<Record<string, Scenario>> = {
  ...objectScenarios,
  ...ruleScenarios,
  ...interruptedScenarios,
};
