import { isSecret } from '@almagest/platform';
import { z } from 'zod';
import { cliConfigSchema } from '../apps/cli/cli.config';
import { gatewayConfigSchema } from '../apps/gateway/gateway.config';
import { standaloneConfigSchema } from '../apps/standalone/standalone.config';
import { SERVICE_DEFINITIONS } from './schemas';

type Variables = Readonly<Record<string, z.ZodType>>;

const INTRODUCTION = `# Configuration

Written by \`npm run docs\` from the schemas the programs read their environment with; do not edit.

Every variable is read once, at start; a program that cannot use what it finds names each wrong variable and ends with 1. An
empty variable is an unset one. A variable marked _secret_ may be given as a file instead: \`<NAME>_FILE\` names the file, as
orchestrators mount secrets. Lists are separated by commas.
`;

/** docs/configuration.md: every variable of every program, with its default. */
export function configurationMarkdown(): string {
  const services = SERVICE_DEFINITIONS.map(
    ({ name, configSchema }) => [name, configSchema.shape as Variables] as const,
  );
  const isCommon = (name: string): boolean => services.every(([, variables]) => name in variables);
  const [[, first]] = services as [(typeof services)[number]];
  const sections: [title: string, variables: Variables][] = [
    ['Every service', only(first, isCommon)],
    ...services.map(([name, variables]): [string, Variables] => [
      `\`${name}\``,
      only(variables, (variable) => !isCommon(variable)),
    ]),
    ['`gateway`', gatewayConfigSchema.shape],
    ['`standalone`, and so `almagest up` and `almagest demo`', standaloneConfigSchema.shape],
    ['`almagest`, the command', cliConfigSchema.shape],
  ];
  return [INTRODUCTION, ...sections.map(([title, variables]) => section(title, variables))].join('\n');
}

function only(variables: Variables, wanted: (name: string) => boolean): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => wanted(name)));
}

function section(title: string, variables: Variables): string {
  const rows = Object.entries(variables).map(([name, field]) => {
    const description = field.meta()?.description;
    if (description === undefined) throw new Error(`the variable ${name} (${title}) has no description`);
    const secret = isSecret(field) ? ' _(secret)_' : '';
    return `| \`${name}\` | ${defaultOf(field)} | ${description.replaceAll('|', '\\|')}${boundOf(field)}${secret} |`;
  });
  if (rows.length === 0) return `## ${title}\n\nNothing besides what every service has.\n`;
  return [`## ${title}`, '', '| variable | default | what it is |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

/** What a variable is when it is unset. */
function defaultOf(field: z.ZodType): string {
  const unset = field.safeParse(undefined);
  if (!unset.success) return '_required_';
  const value = unset.data as string | number | boolean | string[] | undefined;
  return value === undefined || value === '' || Array.isArray(value) ? '' : `\`${value}\``;
}

/** The least value of a number, where it is not one that goes without saying. */
function boundOf(field: z.ZodType): string {
  const number = field instanceof z.ZodDefault ? field.unwrap() : field;
  const least = number instanceof z.ZodNumber ? (number.minValue ?? 0) : 0;
  return least > 1 ? `; ${least} or more` : '';
}
