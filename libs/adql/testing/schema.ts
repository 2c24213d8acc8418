import { Schema, Table } from '../schema';

/** A small archive, as the search service describes its own. */
export const SCHEMA: Schema = {
  functions: 'sky',
  tables: [
    {
      name: 'ivoa.obscore',
      sql: 'sky.observation',
      joins: { project: { table: 'sky.project', on: '{}.code = {base}.proposal_id' } },
      positions: [{ longitude: 's_ra', latitude: 's_dec', point: 'centre' }],
      intervals: [{ low: 'em_min', high: 'em_max', range: 'em_range', constructor: 'sky.float8range' }],
      columns: [
        { name: 'obs_id', type: 'VARCHAR', datatype: 'char', arraysize: '64*', ucd: 'meta.id' },
        { name: 'proposal_id', type: 'VARCHAR', datatype: 'char', arraysize: '64*' },
        { name: 's_ra', type: 'DOUBLE', unit: 'deg', ucd: 'pos.eq.ra', xtype: 'adql:DOUBLE' },
        { name: 's_dec', type: 'DOUBLE', unit: 'deg', ucd: 'pos.eq.dec' },
        {
          name: 's_region',
          type: 'REGION',
          datatype: 'char',
          arraysize: '*',
          xtype: 'adql:REGION',
          region: { box: 'box', x: 'x', y: 'y', z: 'z', radius: 'radius', shape: 'shape' },
        },
        { name: 'em_min', type: 'DOUBLE', unit: 'm' },
        { name: 'em_max', type: 'DOUBLE', unit: 'm' },
        { name: 'calib_level', type: 'INTEGER', description: 'Level of calibration' },
        { name: 'is_mosaic', type: 'CHAR', datatype: 'char' },
        { name: 'released', type: 'TIMESTAMP', datatype: 'char', arraysize: '*', xtype: 'adql:TIMESTAMP' },
        {
          name: 'data_rights',
          type: 'VARCHAR',
          sql: "CASE WHEN {}.released < now() THEN 'Public' ELSE 'Proprietary' END",
        },
        { name: 'pwv', type: 'REAL', unit: 'mm' },
        { name: 'pvw', type: 'REAL', unit: 'mm', sql: '{}.pwv', hidden: true },
        { name: 'abstract', type: 'VARCHAR', join: 'project' },
      ],
    },
    {
      name: 'TAP_SCHEMA.columns',
      sql: 'sky.columns',
      columns: [
        { name: 'column_name', type: 'VARCHAR' },
        { name: 'size', type: 'INTEGER' },
        { name: 'proposal_id', type: 'VARCHAR' },
      ],
    },
  ],
};

export const UPLOADS: Table[] = [
  {
    name: 'TAP_UPLOAD.mine',
    sql: 'sky.mine',
    columns: [
      { name: 'name', type: 'VARCHAR' },
      { name: 'ra', type: 'DOUBLE', unit: 'deg' },
      { name: 'dec', type: 'DOUBLE', unit: 'deg' },
      { name: 'pos', type: 'POINT' },
      { name: 'outline', type: 'POLYGON' },
      { name: 'amount', type: 'BIGINT' },
    ],
  },
];

/** SQL that creates what `SCHEMA` and `UPLOADS` describe; `functionsSql('sky')` comes first. */
export const TABLES_SQL = `
CREATE TYPE sky.float8range AS RANGE (subtype = float8);
CREATE TABLE sky.observation (obs_id text, proposal_id text, s_ra float8, s_dec float8, centre point, s_region text,
  box box, x float8, y float8, z float8, radius float8, shape float8[], em_min float8, em_max float8,
  em_range sky.float8range, calib_level integer, is_mosaic text, released timestamp, pwv real);
CREATE INDEX ON sky.observation USING gist (box);
CREATE INDEX ON sky.observation USING gist (centre);
CREATE INDEX ON sky.observation USING gist (em_range);
CREATE TABLE sky.project (code text PRIMARY KEY, abstract text);
CREATE TABLE sky.columns (column_name text, size integer, proposal_id text);
CREATE TABLE sky.mine (name text, ra float8, dec float8, pos float8[], outline float8[], amount bigint);
`;
