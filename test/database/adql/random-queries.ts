/** Random queries over the tables of `libs/adql/testing/schema.ts`, of every part of the language. */
export class RandomQueries {
  constructor(private readonly random: () => number) {}

  query(): string {
    const grouped = this.pick('number', 'text');
    const compared = `FROM ${this.tables()} WHERE ${this.condition(2)}`;
    return this.one(
      () => `SELECT ${this.any()}, ${this.any()} AS b, * ${compared} AND ${this.condition(1)} ORDER BY 1`,
      () => `SELECT ${this.any()} ${compared} ORDER BY ${this.number(1)}`,
      () => `SELECT ${this.pick('DISTINCT ', '')}${this.any()} AS a, released ${compared} ORDER BY released`,
      () => {
        const key = grouped === 'number' ? this.number(1) : this.text(1);
        const list = `${key}, COUNT(*), MAX(${this.text(1)}), SUM(${this.number(1)}), AVG(${this.number(1)}) AS n`;
        return `SELECT ${list} ${compared} GROUP BY ${key} HAVING MAX(${this.number(1)}) > 0 ORDER BY n, ${key}`;
      },
      () => {
        const list = `s_region AS r, ${this.number(1)} AS n, ${this.text(1)} AS t, ${this.geometry(1)} AS g`;
        const part = `SELECT n, t, r, g FROM w WHERE 1 = INTERSECTS(r, g) AND n > 1`;
        return `WITH w AS (SELECT ${list} FROM ${this.tables()}) ${part} UNION ${this.pick('ALL ', '')}${part} ORDER BY n`;
      },
    );
  }

  private pick<T>(...choices: readonly T[]): T {
    return choices[Math.floor(this.random() * choices.length)] as T;
  }

  private one(...choices: readonly (() => string)[]): string {
    return this.pick(...choices)();
  }

  private any(): string {
    return this.one(
      () => this.number(2),
      () => this.text(2),
      () => this.geometry(2),
    );
  }

  private tables(): string {
    return this.pick(
      'ivoa.obscore, TAP_UPLOAD.mine, columns AS other',
      'ivoa.obscore AS o JOIN mine AS m ON DISTANCE(POINT(o.s_ra, o.s_dec), m.pos) < 1, columns',
      '(SELECT * FROM ivoa.obscore WHERE pwv < 1) AS q LEFT JOIN mine ON obs_id = name NATURAL JOIN columns',
      '(SELECT * FROM ivoa.obscore UNION ALL SELECT * FROM obscore) AS q, mine, columns',
      '(SELECT DISTINCT * FROM ivoa.obscore) AS q, mine, columns',
    );
  }

  private number(depth: number): string {
    const leaf = (): string =>
      this.pick('s_ra', 's_dec', 'calib_level', 'pwv', 'em_min', '1', '2.5', '-3', 'amount', 'NULL', '"size"');
    if (depth <= 0) return leaf();
    const inner = (): string => this.number(depth - 1);
    return this.one(
      leaf,
      () => `(${inner()} ${this.pick('+', '-', '*')} ${inner()})`,
      () => `${this.pick('ABS', 'CEILING', 'FLOOR', 'SIN', 'DEGREES', 'ROUND', 'TRUNCATE')}(${inner()})`,
      () => `MOD(${inner()}, 7)`,
      () => `COALESCE(${inner()}, ${inner()})`,
      () => `CAST(${inner()} AS ${this.pick('INTEGER', 'DOUBLE PRECISION', 'REAL', 'BIGINT', 'SMALLINT')})`,
      () => `DISTANCE(${this.point(depth - 1)}, ${this.point(depth - 1)})`,
      () => `COORD1(${this.point(depth - 1)})`,
      () => `AREA(${this.geometry(depth - 1)})`,
      () => `ivo_to_mjd(${this.pick('released', "'2024-01-01'", 'NULL')})`,
      () => `ivo_healpix_index(5, ${this.point(depth - 1)})`,
      () => `CONTAINS(${this.geometry(depth - 1)}, ${this.geometry(depth - 1)})`,
      () => `ivo_hasword(${this.text(depth - 1)}, ${this.text(depth - 1)})`,
      () => "IN_UNIT(s_ra, 'rad')",
    );
  }

  private text(depth: number): string {
    const leaf = (): string =>
      this.pick('obs_id', 'name', 'column_name', "'a'", 'is_mosaic', 'abstract', 'NULL', 'data_rights');
    if (depth <= 0) return leaf();
    const inner = (): string => this.text(depth - 1);
    return this.one(
      leaf,
      () => `LOWER(${inner()})`,
      () => `(${inner()} || ${this.pick(inner(), this.number(depth - 1))})`,
      () => `COALESCE(${inner()}, ${inner()})`,
      () => `CAST(${this.pick(inner(), this.number(depth - 1), 'released')} AS VARCHAR(5))`,
      () => `COORDSYS(${this.geometry(depth - 1)})`,
    );
  }

  private point(depth: number): string {
    return this.one(
      () => 'POINT(s_ra, s_dec)',
      () => 'pos',
      () => 'POINT(1, 2)',
      () => `CENTROID(${depth > 0 ? this.geometry(depth - 1) : 's_region'})`,
      () => `POINT(s_ra, ${this.number(depth - 1)})`,
      () => 'ivo_healpix_center(3, amount)',
      () => "ivo_geom_transform('ICRS', 'GALACTIC', pos)",
      () => "CAST('1 2' AS POINT)",
    );
  }

  private geometry(depth: number): string {
    return this.one(
      () => this.point(depth),
      () => 's_region',
      () => 'outline',
      () => `CIRCLE(${this.pick('pos', 'POINT(s_ra, s_dec)')}, ${this.pick('pwv', '1', 's_dec')})`,
      () => "CIRCLE('ICRS', 1, 2, 3)",
      () => 'POLYGON(1, 1, 2, 1, 2, 2)',
      () => 'BOX(pos, 1, 2)',
      () => `RANGE_S2D(1, ${this.number(0)}, -1, 1)`,
      () => "REGION('Union (Circle 1 2 3 Circle 10 2 3)')",
      () => 'POLYGON(pos, POINT(1, 2), POINT(s_ra, s_dec))',
    );
  }

  private condition(depth: number): string {
    const [number, text] = [(): string => this.number(depth), (): string => this.text(depth)];
    const geometries = (): string => `${this.geometry(depth)}, ${this.geometry(depth)}`;
    return this.one(
      () => `${number()} ${this.pick('=', '<', '>=', '<>')} ${number()}`,
      () => `${text()} = ${text()}`,
      () => `${text()} ${this.pick('LIKE', 'ILIKE')} ${text()}`,
      () => `${number()} BETWEEN ${number()} AND ${number()}`,
      () => `1 = ${this.pick('CONTAINS', 'INTERSECTS')}(${geometries()})`,
      () => `DISTANCE(${this.point(depth)}, ${this.point(depth)}) < ${this.number(0)}`,
      () => `${number()} IN (${number()}, ${this.number(0)})`,
      () => `released > ${this.pick("'2024'", 'released', 'NULL')}`,
      () => `(${this.condition(depth - 1)} OR ${this.condition(depth - 1)})`,
      () => `NOT (${this.condition(depth - 1)})`,
      () => `${this.any()} IS NOT NULL`,
      () => `obs_id IN (SELECT ${this.text(1)} FROM TAP_UPLOAD.mine AS z WHERE z.ra > 0)`,
      () => 'EXISTS (SELECT * FROM ivoa.obscore AS y WHERE y.obs_id = name)',
      () => `ivo_interval_overlaps(em_min, em_max, ${this.number(0)}, ${this.number(0)}) = 1`,
    );
  }
}
