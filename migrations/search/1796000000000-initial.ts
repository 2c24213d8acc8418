import { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The tables that queries of astronomers read. They have no entities: `apps/search/schema` describes their columns, and
 * a test compares the two. Users' queries run as the role `almagest_search`, which may read what is granted here and
 * nothing else.
 */
export class Initial1796000000000 implements MigrationInterface {
  name = 'Initial1796000000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "search"."inbox" ("id" text NOT NULL, "handled_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_ab7abc299fab4bb4f965549c819" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "search"."outbox" ("id" uuid NOT NULL, "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "aggregatetype" text NOT NULL, "aggregateid" text NOT NULL, "type" text NOT NULL, "payload" jsonb NOT NULL, CONSTRAINT "PK_340ab539f309f03bdaa14aa7649" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_eaeb48f0dd30890d452d108804" ON "search"."outbox"  ("position") `);
    await queryRunner.query(
      `CREATE TABLE "search"."rebuild" ("id" uuid NOT NULL, "state" text NOT NULL, "requested_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "ended_at" TIMESTAMP WITH TIME ZONE, "done_to" text NOT NULL DEFAULT '', "deliveries" integer NOT NULL DEFAULT '0', "removed" integer NOT NULL DEFAULT '0', "failures" integer NOT NULL DEFAULT '0', "last_failure" text, CONSTRAINT "PK_search_rebuild" PRIMARY KEY ("id"))`,
    );
    for (const statement of [...TYPES, ...CONTENT, ...TAP_SCHEMA, ...ROLE]) await queryRunner.query(statement);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    for (const view of ['public_file']) await queryRunner.query(`DROP VIEW search.${view}`);
    for (const table of [...TABLES, 'rebuild', 'outbox', 'inbox'])
      await queryRunner.query(`DROP TABLE search.${table}`);
    await queryRunner.query(`DROP FUNCTION search.today()`);
    await queryRunner.query(`DROP TYPE search.double_range`);
    // Another archive on the same server may use the role.
    await queryRunner.query(`REVOKE USAGE ON SCHEMA search FROM almagest_search`);
  }
}

const TYPES = [
  `CREATE TYPE search.double_range AS RANGE (subtype = double precision, subtype_diff = float8mi)`,
  // The day by which data are public or proprietary.
  `CREATE FUNCTION search.today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
     RETURN (now() AT TIME ZONE 'UTC')::date`,
];

const TABLES = [
  'ous',
  'observation',
  'project',
  'mous',
  'execution_block',
  'file',
  'change',
  'tap_schemas',
  'tap_tables',
  'tap_columns',
  'tap_keys',
  'tap_key_columns',
];

const CONTENT = [
  `CREATE TABLE search.ous (
     ous text PRIMARY KEY, project text NOT NULL, revision integer NOT NULL,
     delivery_id uuid)`,
  `CREATE TABLE search.observation (
     obs_id text PRIMARY KEY, ous text NOT NULL, proposal_id text NOT NULL,
     group_ous_uid text NOT NULL, member_ous_uid text,
     dataproduct_type text NOT NULL, calib_level integer NOT NULL, collections text, target_name text,
     s_ra double precision, s_dec double precision, centre point, s_fov double precision,
     footprint text, footprint_box box, footprint_x double precision, footprint_y double precision,
     footprint_z double precision, footprint_radius double precision, footprint_shape double precision[],
     s_xel1 bigint, s_xel2 bigint, em_xel bigint, t_xel bigint, pol_xel bigint,
     s_resolution double precision, spatial_resolution double precision, spatial_scale_max double precision,
     observed double precision, t_min double precision, t_max double precision, t_exptime double precision,
     t_resolution double precision,
     em_min double precision, em_max double precision, wavelengths search.double_range,
     em_res_power double precision, em_resolution double precision, bandwidth double precision,
     frequency double precision, spectral_resolution double precision, velocity_resolution double precision,
     frequency_support text, band_list text, pol_states text,
     gal_longitude double precision, gal_latitude double precision,
     sensitivity_10kms double precision, cont_sensitivity_bandwidth double precision, pwv real,
     is_mosaic text, qa2_passed text NOT NULL, access_estsize bigint NOT NULL,
     release_date date, lastmodified timestamp NOT NULL)`,
  `CREATE INDEX observation_footprint ON search.observation USING gist (footprint_box)`,
  `CREATE INDEX observation_centre ON search.observation USING gist (centre)`,
  `CREATE INDEX observation_wavelengths ON search.observation USING gist (wavelengths)`,
  `CREATE INDEX observation_ous ON search.observation (ous)`,
  `CREATE INDEX observation_proposal_id ON search.observation (proposal_id)`,
  `CREATE INDEX observation_member_ous_uid ON search.observation (member_ous_uid)`,
  `CREATE INDEX observation_group_ous_uid ON search.observation (group_ous_uid)`,
  `CREATE INDEX observation_target_name ON search.observation (target_name)`,
  `CREATE INDEX observation_t_min ON search.observation (t_min)`,
  `CREATE TABLE search.project (
     code text PRIMARY KEY, revision integer NOT NULL, metadata jsonb NOT NULL,
     title text, abstract text, science_keywords text, science_category text,
     pi_name text, pi_user_id text, co_investigators text,
     bibcodes text, publication_titles text, first_authors text, publication_authors text,
     publication_abstracts text, publication_year integer)`,
  `CREATE TABLE search.mous (
     ous text PRIMARY KEY, schedblock_name text, asdm_uid text, antenna_arrays text)`,
  `CREATE TABLE search.execution_block (
     member_ous_uid text, asdm_uid text, proposal_id text NOT NULL, used text NOT NULL, asdm_size bigint NOT NULL,
     stated jsonb NOT NULL,
     t_min double precision, t_exptime double precision, pwv double precision, antenna_arrays text,
     PRIMARY KEY (member_ous_uid, asdm_uid))`,
  `CREATE INDEX execution_block_asdm_uid ON search.execution_block (asdm_uid)`,
  `CREATE INDEX execution_block_proposal_id ON search.execution_block (proposal_id)`,
  `CREATE TABLE search.file (
     ous text, path text COLLATE "C", member_ous_uid text, group_ous_uid text NOT NULL, proposal_id text NOT NULL,
     part text NOT NULL, role text NOT NULL, file_size bigint NOT NULL, sha256 text NOT NULL, release_date date,
     PRIMARY KEY (ous, path))`,
  `CREATE INDEX file_member_ous_uid ON search.file (member_ous_uid)`,
  `CREATE INDEX file_group_ous_uid ON search.file (group_ous_uid)`,
  `CREATE INDEX file_proposal_id ON search.file (proposal_id)`,
  // Nobody may learn the names of proprietary files from a query.
  `CREATE VIEW search.public_file WITH (security_barrier) AS
     SELECT member_ous_uid, group_ous_uid, proposal_id, path, part, role, file_size, sha256
       FROM search.file WHERE release_date < search.today()`,
  `CREATE TABLE search.change (
     change_id bigint PRIMARY KEY, kind text NOT NULL, ous_uid text NOT NULL, proposal_id text NOT NULL,
     revision integer NOT NULL, changed_at timestamp NOT NULL)`,
];

const TAP_SCHEMA = [
  `CREATE TABLE search.tap_schemas (schema_name text PRIMARY KEY, utype text, description text, schema_index integer)`,
  `CREATE TABLE search.tap_tables (
     schema_name text NOT NULL, table_name text PRIMARY KEY, table_type text NOT NULL, utype text, description text,
     table_index integer)`,
  `CREATE TABLE search.tap_columns (
     table_name text, column_name text, datatype text NOT NULL, arraysize text, xtype text, size integer,
     description text, utype text, unit text, ucd text, indexed integer NOT NULL, principal integer NOT NULL,
     std integer NOT NULL, column_index integer, PRIMARY KEY (table_name, column_name))`,
  `CREATE TABLE search.tap_keys (
     key_id text PRIMARY KEY, from_table text NOT NULL, target_table text NOT NULL, utype text, description text)`,
  `CREATE TABLE search.tap_key_columns (
     key_id text, from_column text, target_column text NOT NULL, PRIMARY KEY (key_id, from_column))`,
];

const READABLE = [...TABLES.filter((table) => table !== 'ous' && table !== 'file'), 'public_file'];

const ROLE = [
  // Roles belong to the server, which another archive may share.
  `DO $$ BEGIN
     IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'almagest_search') THEN CREATE ROLE almagest_search NOLOGIN; END IF;
     IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER) THEN GRANT almagest_search TO CURRENT_USER; END IF;
   END $$`,
  `GRANT USAGE ON SCHEMA search TO almagest_search`,
  `GRANT SELECT ON ${READABLE.map((table) => `search.${table}`).join(', ')} TO almagest_search`,
];
