import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SERVICES } from '@almagest/contracts';
import { isSecret } from '@almagest/platform';
import { z } from 'zod';
import { gatewayConfigSchema } from '../../apps/gateway/gateway.config';
import { SERVICE_DEFINITIONS } from '../../tools/schemas';

const DEPLOY = join(__dirname, '../../deploy');
const MINUTES = 5 * 60_000;

const projectSchema = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      command: z.array(z.string()).nullable(),
      environment: z.record(z.string(), z.string().nullable()).optional(),
      secrets: z.array(z.object({ target: z.string() })).optional(),
      healthcheck: z.object({ disable: z.boolean().optional() }).optional(),
    }),
  ),
});
type Project = z.infer<typeof projectSchema>;

/**
 * Reads a compose file with the reference implementation of the specification.
 * @throws Error with its message, when the file is not valid
 */
async function readCompose(file: string): Promise<Project> {
  const { stdout } = await promisify(execFile)('go', ['run', '.', file], { cwd: join(__dirname, 'compose') });
  return projectSchema.parse(JSON.parse(stdout));
}

describe('deploy/compose.yaml', () => {
  let project: Project;
  beforeAll(async () => {
    project = await readCompose(join(DEPLOY, 'compose.yaml'));
  }, MINUTES);

  it('is valid by the Compose specification, and a file with an unknown key is not', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'almagest-compose-'));
    try {
      const broken = join(directory, 'compose.yaml');
      const text = await readFile(join(DEPLOY, 'compose.yaml'), 'utf8');
      await writeFile(broken, text.replace('    depends_on: *started', '    depend_on: *started'));
      await expect(readCompose(broken)).rejects.toThrow(/services\.intake.*depend_on/);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('runs every service, the gateway and the migrations from one image', () => {
    const ours = Object.entries(project.services).filter(([, { image }]) => image === 'almagest:latest');
    expect(ours.map(([name, { command }]) => [name, command]).sort()).toEqual(
      [...SERVICES, 'gateway', 'migrate'].map((name) => [name, [name]]).sort(),
    );
  });

  it('asks for a password before it shows or takes mails', () => {
    const { environment, secrets } = project.services['mail'] ?? {};
    const users = '/run/secrets/mail-users';
    expect(environment).toMatchObject({ MP_UI_AUTH_FILE: users, MP_SMTP_AUTH_FILE: users });
    expect(secrets).toEqual([{ target: users }]);
  });

  it.each([
    ...SERVICE_DEFINITIONS.map(({ name, configSchema }) => [name, configSchema.shape as z.ZodRawShape] as const),
    ['gateway', gatewayConfigSchema.shape as z.ZodRawShape] as const,
  ])('configures every required variable of %s, and no unknown one', (name, variables) => {
    const { environment = {}, secrets = [] } = project.services[name] ?? {};
    const fields = variables as Record<string, z.ZodType>;
    const known = Object.keys(fields).flatMap((each) => (isSecret(fields[each]) ? [each, `${each}_FILE`] : [each]));
    expect(known).toEqual(expect.arrayContaining(Object.keys(environment)));
    const required = Object.keys(fields).filter((each) => fields[each]?.safeParse(undefined).success === false);
    for (const each of required)
      expect(Object.keys(environment).map((it) => it.replace(/_FILE$/, ''))).toContain(each.replace(/_FILE$/, ''));
    const files = Object.values(environment).filter((value) => value?.startsWith('/run/secrets/'));
    expect(secrets.map(({ target }) => target).sort()).toEqual(files.sort());
  });
});
