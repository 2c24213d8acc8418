/** Functions of the IVOA's catalogue of user-defined functions (version 1.2) that SQL has no expression for. */
export const ASTRONOMY_SQL = String.raw`
-- HEALPix, nested numbering (Gorski et al. 2005).
CREATE OR REPLACE FUNCTION @.sky_healpix(depth int, a float8[]) RETURNS int8
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
  nside int8; z float8 := a[3]; quarter float8; t float8; jp int8; jm int8; x int8; y int8; face int8; pixel int8 := 0;
BEGIN
  IF depth NOT BETWEEN 0 AND 29 THEN
    RAISE EXCEPTION 'HEALPix order % is outside 0..29', depth USING ERRCODE = '22023';
  END IF;
  nside := 1::int8 << depth;
  quarter := @.sky_longitude(a) / 90;
  IF abs(z) <= 2.0 / 3 THEN
    jp := floor(nside * (0.5 + quarter - z * 0.75)); jm := floor(nside * (0.5 + quarter + z * 0.75));
    face := CASE WHEN jp >> depth = jm >> depth THEN (jp >> depth) | 4
      WHEN jp >> depth < jm >> depth THEN jp >> depth ELSE (jm >> depth) + 8 END;
    x := jm & (nside - 1); y := nside - (jp & (nside - 1)) - 1;
  ELSE
    face := least(3, floor(quarter));
    t := nside * sqrt(a[1] ^ 2 + a[2] ^ 2) / sqrt((1 + abs(z)) / 3);
    jp := least(nside - 1, floor((quarter - face) * t)); jm := least(nside - 1, floor((1 - quarter + face) * t));
    IF z >= 0 THEN
      x := nside - jm - 1; y := nside - jp - 1;
    ELSE
      x := jp; y := jm; face := face + 8;
    END IF;
  END IF;
  FOR bit IN 0 .. depth - 1 LOOP
    pixel := pixel | (((x >> bit) & 1) << (2 * bit)) | (((y >> bit) & 1) << (2 * bit + 1));
  END LOOP;
  RETURN face * nside * nside + pixel;
END $$;

CREATE OR REPLACE FUNCTION @.sky_healpix_center(depth int, pixel int8) RETURNS float8[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
  nside int8; face int; rest int8; x int8 := 0; y int8 := 0; jr int8; nr int8; z float8; t int8;
BEGIN
  IF depth NOT BETWEEN 0 AND 29 THEN
    RAISE EXCEPTION 'HEALPix order % is outside 0..29', depth USING ERRCODE = '22023';
  END IF;
  nside := 1::int8 << depth;
  IF pixel < 0 OR pixel >= 12 * nside * nside THEN
    RAISE EXCEPTION 'HEALPix index % does not exist at order %', pixel, depth USING ERRCODE = '22023';
  END IF;
  face := pixel / (nside * nside); rest := pixel % (nside * nside);
  FOR bit IN 0 .. depth - 1 LOOP
    x := x | (((rest >> (2 * bit)) & 1) << bit); y := y | (((rest >> (2 * bit + 1)) & 1) << bit);
  END LOOP;
  jr := (2 + face / 4) * nside - x - y - 1;
  IF jr < nside THEN
    nr := jr; z := 1 - nr::float8 ^ 2 / (3 * nside::float8 ^ 2);
  ELSIF jr > 3 * nside THEN
    nr := 4 * nside - jr; z := nr::float8 ^ 2 / (3 * nside::float8 ^ 2) - 1;
  ELSE
    nr := nside; z := (2 * nside - jr) * 2.0 / (3 * nside);
  END IF;
  t := (2 * (face % 4) + CASE WHEN face / 4 = 1 THEN 0 ELSE 1 END) * nr + x - y;
  IF t < 0 THEN t := t + 8 * nr; END IF;
  RETURN @.sky_point(45 * t::float8 / nr, degrees(asin(z)));
END $$;

-- Position after linear motion (ESA SP-1200, volume 1, 1.5.5). Degrees, mas, mas/yr, km/s, Julian years.
CREATE OR REPLACE FUNCTION @.sky_moved(longitude float8, latitude float8, parallax float8, pm_longitude float8,
  pm_latitude float8, radial_velocity float8, ref_epoch float8, out_epoch float8) RETURNS float8[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
  mas CONSTANT float8 := radians(1 / 3600000.0); a float8 := radians(longitude); d float8 := radians(latitude);
  t float8 := out_epoch - ref_epoch; p float8 := coalesce(pm_longitude, 0) * mas * t;
  q float8 := coalesce(pm_latitude, 0) * mas * t;
  r float8 := 1 + coalesce(radial_velocity, 0) * coalesce(parallax, 0) / 4.740470446 * mas * t;
BEGIN
  IF longitude IS NULL OR latitude IS NULL OR ref_epoch IS NULL OR out_epoch IS NULL THEN
    RAISE EXCEPTION 'ivo_epoch_prop_pos has a position or an epoch that is NULL' USING ERRCODE = '22004';
  END IF;
  RETURN @.sky_point(
    degrees(atan2(r * cos(d) * sin(a) + p * cos(a) - q * sin(d) * sin(a),
      r * cos(d) * cos(a) - p * sin(a) - q * sin(d) * cos(a))),
    degrees(atan2(r * sin(d) + q * cos(d), sqrt((r * cos(d) - q * sin(d)) ^ 2 + p ^ 2))));
END $$;

-- m: the rows of a rotation matrix
CREATE OR REPLACE FUNCTION @.sky_rotate(a float8[], m float8[]) RETURNS float8[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
  i int := 5; k int; last int; b float8[] := a;
BEGIN
  FOR row_ IN 0 .. 2 LOOP
    b[row_ + 1] := m[3 * row_ + 1] * a[1] + m[3 * row_ + 2] * a[2] + m[3 * row_ + 3] * a[3];
  END LOOP;
  WHILE i <= array_length(a, 1) LOOP
    IF a[i] = -1 THEN
      RAISE EXCEPTION 'a range of coordinates cannot change its frame' USING ERRCODE = '22023';
    END IF;
    k := i + 2; last := @.sky_next(a, i);
    WHILE k < last LOOP
      FOR row_ IN 0 .. 2 LOOP
        b[k + row_] := m[3 * row_ + 1] * a[k] + m[3 * row_ + 2] * a[k + 1] + m[3 * row_ + 3] * a[k + 2];
      END LOOP;
      k := k + CASE WHEN k = i + 2 THEN 4 ELSE 3 END;
    END LOOP;
    i := last;
  END LOOP;
  RETURN b;
END $$;

-- whether every word of the needle is a word of the haystack
CREATE OR REPLACE FUNCTION @.has_words(haystack text, needle text) RETURNS bool
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN NOT EXISTS (SELECT FROM regexp_split_to_table(needle, '[^[:alnum:]]+') AS word
  WHERE word <> '' AND haystack !~* ('\m' || word || '\M'));

CREATE OR REPLACE FUNCTION @.sky_count_bin(bins int[], value float8, low float8, high float8, count int)
RETURNS int[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
  bin int;
BEGIN
  IF bins IS NULL THEN
    IF NOT (count BETWEEN 1 AND 100000 AND low < high) THEN
      RAISE EXCEPTION 'a histogram has 1..100000 bins between a lower and a higher limit' USING ERRCODE = '22023';
    END IF;
    bins := array_fill(0, ARRAY[count + 2]);
  END IF;
  bin := CASE WHEN value IS NULL THEN 1 WHEN value = high THEN count + 1
    ELSE width_bucket(value, low, high, count) + 1 END;
  bins[bin] := bins[bin] + 1;
  RETURN bins;
END $$;

CREATE OR REPLACE AGGREGATE @.ivo_histogram(float8, float8, float8, int) (
  SFUNC = @.sky_count_bin, STYPE = int[], PARALLEL = SAFE);
`;
