/**
 * Makes shapes (`sphere/shape.ts` describes their form) from numbers of degrees, and asks for what they have. `@` is
 * the schema. Functions with a body in standard SQL are resolved when they are created, so that no search_path matters;
 * those in PL/pgSQL that a query calls pin it, and those that only they call inherit it.
 */
export const SHAPES_SQL = String.raw`
CREATE OR REPLACE FUNCTION @.sky_check(longitude float8, latitude float8) RETURNS void
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF NOT (latitude BETWEEN -90 AND 90) THEN
    RAISE EXCEPTION 'latitude % is outside -90..90 degrees', latitude USING ERRCODE = '22023';
  ELSIF abs(longitude) = 'Infinity' OR longitude = 'NaN' THEN
    RAISE EXCEPTION 'longitude % is not a number of degrees', longitude USING ERRCODE = '22023';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION @.sky_circle(longitude float8, latitude float8, radius float8) RETURNS float8[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
  x float8; y float8; z float8; r float8 := radians(radius);
BEGIN
  PERFORM @.sky_check(longitude, latitude);
  IF NOT (radius BETWEEN 0 AND 180) THEN
    RAISE EXCEPTION 'radius % is outside 0..180 degrees', radius USING ERRCODE = '22023';
  END IF;
  x := cos(radians(latitude)) * cos(radians(longitude));
  y := cos(radians(latitude)) * sin(radians(longitude));
  z := sin(radians(latitude));
  RETURN ARRAY[x, y, z, r, 0, 1, x, y, z, r];
END $$;

CREATE OR REPLACE FUNCTION @.sky_point(longitude float8, latitude float8) RETURNS float8[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN @.sky_circle(longitude, latitude, 0);

-- vertices: unit vectors, one after another
CREATE OR REPLACE FUNCTION @.sky_polygon_of(vertices float8[]) RETURNS float8[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  kept float8[] := '{}'; n int; x float8 := 0; y float8 := 0; z float8 := 0; r float8; last int; chord float8;
BEGIN
  last := array_length(vertices, 1) - 2;
  FOR k IN 1 .. array_length(vertices, 1) BY 3 LOOP
    chord := (vertices[k] - vertices[last]) ^ 2 + (vertices[k + 1] - vertices[last + 1]) ^ 2
      + (vertices[k + 2] - vertices[last + 2]) ^ 2;
    IF chord > 1e-24 THEN
      kept := kept || vertices[k : k + 2];
      x := x + vertices[k]; y := y + vertices[k + 1]; z := z + vertices[k + 2];
    END IF;
    last := k;
  END LOOP;
  n := coalesce(array_length(kept, 1), 0) / 3;
  IF n < 3 THEN
    RAISE EXCEPTION 'a polygon has fewer than three different vertices' USING ERRCODE = '22023';
  END IF;
  r := sqrt(x * x + y * y + z * z);
  IF r > 1e-9 THEN
    x := x / r; y := y / r; z := z / r; r := 0;
    FOR k IN 1 .. 3 * n BY 3 LOOP
      r := greatest(r, (kept[k] - x) ^ 2 + (kept[k + 1] - y) ^ 2 + (kept[k + 2] - z) ^ 2);
    END LOOP;
    r := 2 * asin(least(1, sqrt(r) / 2));
  ELSE
    r := pi();
  END IF;
  IF r > radians(89.99) THEN
    RAISE EXCEPTION 'a polygon does not fit into a hemisphere' USING ERRCODE = '22023';
  END IF;
  r := r + 1e-9;
  RETURN ARRAY[x, y, z, r, n, 1, x, y, z, r] || kept;
END $$;

-- coordinates: longitude and latitude of each vertex
CREATE OR REPLACE FUNCTION @.sky_polygon(coordinates float8[]) RETURNS float8[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
  vertices float8[] := '{}'; a float8; d float8;
BEGIN
  IF array_position(coordinates, NULL) IS NOT NULL THEN RETURN NULL; END IF;
  FOR k IN 1 .. array_length(coordinates, 1) BY 2 LOOP
    PERFORM @.sky_check(coordinates[k], coordinates[k + 1]);
    a := radians(coordinates[k]); d := radians(coordinates[k + 1]);
    vertices := vertices || ARRAY[cos(d) * cos(a), cos(d) * sin(a), sin(d)];
  END LOOP;
  RETURN @.sky_polygon_of(vertices);
END $$;

CREATE OR REPLACE FUNCTION @.sky_rectangle(longitude float8, latitude float8, width float8, height float8)
RETURNS float8[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
  a float8 := radians(longitude); d float8 := radians(latitude);
  x float8; y float8; s float8; vertices float8[] := '{}'; right_ float8; up float8;
BEGIN
  PERFORM @.sky_check(longitude, latitude);
  IF NOT (width > 0 AND width < 179 AND height > 0 AND height < 179) THEN
    RAISE EXCEPTION 'a side of a box is outside 0..179 degrees' USING ERRCODE = '22023';
  END IF;
  x := tan(radians(width / 2)); y := tan(radians(height / 2)); s := sqrt(1 + x * x + y * y);
  FOR corner IN 0 .. 3 LOOP
    right_ := CASE WHEN corner IN (1, 2) THEN x ELSE -x END;
    up := CASE WHEN corner > 1 THEN y ELSE -y END;
    vertices := vertices || ARRAY[
      (cos(d) * cos(a) - right_ * sin(a) - up * sin(d) * cos(a)) / s,
      (cos(d) * sin(a) + right_ * cos(a) - up * sin(d) * sin(a)) / s,
      (sin(d) + up * cos(d)) / s];
  END LOOP;
  RETURN @.sky_polygon_of(vertices);
END $$;

CREATE OR REPLACE FUNCTION @.sky_range(west float8, east float8, low float8, high float8) RETURNS float8[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
  width float8 := east - west; a float8; d float8; x float8; y float8; z float8; r float8;
BEGIN
  PERFORM @.sky_check(west, low), @.sky_check(east, high);
  IF low > high THEN
    RAISE EXCEPTION 'latitude % is above %', low, high USING ERRCODE = '22023';
  END IF;
  IF width >= 360 THEN width := 360; ELSE width := width - 360 * floor(width / 360); END IF;
  a := radians(west + width / 2); d := radians((low + high) / 2);
  x := cos(d) * cos(a); y := cos(d) * sin(a); z := sin(d);
  IF width > 90 THEN
    r := pi();
  ELSE
    r := radians(greatest((high - low) / 2, @.sky_distance(west + width / 2, (low + high) / 2, west, low),
      @.sky_distance(west + width / 2, (low + high) / 2, west, high))) + 1e-9;
  END IF;
  RETURN ARRAY[x, y, z, r, -1, 1, x, y, z, r, west - 360 * floor(west / 360), width, low, high];
END $$;

-- in degrees
CREATE OR REPLACE FUNCTION @.sky_distance(longitude1 float8, latitude1 float8, longitude2 float8, latitude2 float8)
RETURNS float8 LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN degrees(2 * asin(least(1, sqrt(
  sin(radians(latitude2 - latitude1) / 2) ^ 2
  + cos(radians(latitude1)) * cos(radians(latitude2)) * sin(radians(longitude2 - longitude1) / 2) ^ 2))));

-- distance between the centres of two shapes, in degrees; precise at every angle
CREATE OR REPLACE FUNCTION @.sky_separation(a float8[], b float8[]) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN degrees(2 * atan2(
  sqrt((a[1] - b[1]) ^ 2 + (a[2] - b[2]) ^ 2 + (a[3] - b[3]) ^ 2),
  sqrt((a[1] + b[1]) ^ 2 + (a[2] + b[2]) ^ 2 + (a[3] + b[3]) ^ 2)));

CREATE OR REPLACE FUNCTION @.sky_longitude(a float8[]) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN a[2] < 0 THEN degrees(atan2(a[2], a[1])) + 360 ELSE degrees(atan2(a[2], a[1])) END;

CREATE OR REPLACE FUNCTION @.sky_latitude(a float8[]) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN degrees(atan2(a[3], sqrt(a[1] ^ 2 + a[2] ^ 2)));

-- The box that overlaps every stored box that may match, moved by a number of turns (sphere/boxes.ts).
CREATE OR REPLACE FUNCTION @.sky_box(a float8[], turn int) RETURNS box
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
  middle float8; latitude float8; half float8; low float8; high float8; margin CONSTANT float8 := 1e-7;
BEGIN
  IF a[5] = -1 AND array_length(a, 1) = 14 THEN
    middle := a[11] + a[12] / 2;
    middle := middle - 360 * floor(middle / 360);
    half := a[12] / 2; low := a[13]; high := a[14];
  ELSE
    middle := @.sky_longitude(a); latitude := @.sky_latitude(a);
    low := latitude - degrees(a[4]); high := latitude + degrees(a[4]);
    IF low <= -89.9 OR high >= 89.9 THEN
      half := 540;
    ELSE
      half := degrees(asin(least(1, sin(a[4]) / cos(radians(latitude)))));
    END IF;
  END IF;
  RETURN box(point(middle - half - margin + 360 * turn, low - margin),
    point(middle + half + margin + 360 * turn, high + margin));
END $$;

-- kind: POINT, CIRCLE, POLYGON as in DALI 1.1 (numbers); REGION as STC-S. NULL for what has no such form.
CREATE OR REPLACE FUNCTION @.sky_text(a float8[], kind text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
  i int := 5; parts text[] := '{}'; numbers text; count int := array_length(a, 1);
BEGIN
  IF kind = 'POINT' THEN
    RETURN @.sky_longitude(a) || ' ' || @.sky_latitude(a);
  END IF;
  WHILE i <= count LOOP
    IF a[i] = 0 THEN
      numbers := @.sky_longitude(a[i + 2 : i + 4]) || ' ' || @.sky_latitude(a[i + 2 : i + 4]) || ' ' || degrees(a[i + 5]);
      parts := parts || CASE kind WHEN 'REGION' THEN 'Circle ' || numbers ELSE numbers END;
    ELSIF a[i] > 0 THEN
      SELECT string_agg(@.sky_longitude(a[k : k + 2]) || ' ' || @.sky_latitude(a[k : k + 2]), ' ' ORDER BY k)
      INTO numbers FROM generate_series(i + 6, i + 3 + 3 * a[i]::int, 3) AS k;
      parts := parts || CASE WHEN kind <> 'REGION' THEN numbers WHEN a[i + 1] < 0 THEN 'Not (Polygon ' || numbers || ')'
        ELSE 'Polygon ' || numbers END;
    ELSE
      parts := parts || format('PositionInterval %s %s %s %s', a[i + 6], a[i + 8], a[i + 6] + a[i + 7], a[i + 9]);
    END IF;
    i := @.sky_next(a, i);
  END LOOP;
  IF kind <> 'REGION' THEN RETURN parts[1]; END IF;
  IF array_length(parts, 1) = 1 THEN RETURN regexp_replace(parts[1], ' ', ' ICRS '); END IF;
  RETURN 'Union ICRS (' || array_to_string(parts, ' ') || ')';
END $$;
`;
