// What --json prints.
import { publicPlan, publicReport } from '../../engine/public.ts';
import type { Plan, Report } from '../../engine/types.ts';

/** Indented; a field that has no value is null and not left out, so that the shape is always the same. */
export const stringify = (value: object): string =>
  JSON.stringify(value, (_key, v: unknown) => (v === undefined ? null : v), 2);

export const planJson = (plan: Plan): string => stringify(publicPlan(plan));

export const reportJson = (report: Report): string => stringify(publicReport(report));
