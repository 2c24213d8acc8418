/**
 * Decides whether shapes contain and meet each other (`sphere/shape.ts` describes their form). A polygon and a point
 * near it are on one hemisphere; there, great circles are the straight lines of a plane, and the signs of triple
 * products are those of the plane's determinants. Distances are compared as chords, which stay precise when small.
 *
 * Holes are inside their part and do not overlap. Of a union, each part is decided on its own: a shape that only two
 * parts together contain is not contained; the parts of a footprint do not touch.
 */
export const PREDICATES_SQL = String.raw`
CREATE OR REPLACE FUNCTION @.sky_next(a float8[], i int) RETURNS int
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN a[i] > 0 THEN i + 6 + 3 * a[i]::int WHEN a[i] = 0 THEN i + 6 ELSE i + 10 END;

-- whether the boundary of a part comes within r radians of a point
CREATE OR REPLACE FUNCTION @.sky_edge_near(a float8[], i int, x float8, y float8, z float8, r float8) RETURNS bool
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  near float8 := 4 * sin(least(r, pi()) / 2) ^ 2; s float8 := CASE WHEN r < pi() / 2 THEN sin(r) ^ 2 ELSE 2 END;
  ax float8; ay float8; az float8; bx float8; by_ float8; bz float8; nx float8; ny float8; nz float8; h float8;
  k int; last int; arcs float8[]; d float8; t float8; latitude float8;
BEGIN
  IF a[i] > 0 THEN
    last := i + 3 + 3 * a[i]::int;
    ax := a[last]; ay := a[last + 1]; az := a[last + 2];
    k := i + 6;
    WHILE k <= last LOOP
      bx := a[k]; by_ := a[k + 1]; bz := a[k + 2];
      IF (bx - x) ^ 2 + (by_ - y) ^ 2 + (bz - z) ^ 2 <= near THEN RETURN true; END IF;
      nx := ay * bz - az * by_; ny := az * bx - ax * bz; nz := ax * by_ - ay * bx;
      h := nx * x + ny * y + nz * z;
      d := nx * nx + ny * ny + nz * nz;
      IF d > 0 AND h * h <= s * d THEN
        IF (ny * az - nz * ay) * x + (nz * ax - nx * az) * y + (nx * ay - ny * ax) * z >= 0
          AND (by_ * nz - bz * ny) * x + (bz * nx - bx * nz) * y + (bx * ny - by_ * nx) * z >= 0 THEN
          RETURN true;
        END IF;
      END IF;
      ax := bx; ay := by_; az := bz;
      k := k + 3;
    END LOOP;
    RETURN false;
  END IF;
  -- A range: its parallels where the point is between the meridians, then its meridians, which have the corners.
  latitude := degrees(atan2(z, sqrt(x * x + y * y)));
  t := degrees(atan2(y, x)) - a[i + 6];
  t := t - 360 * floor(t / 360);
  IF t <= a[i + 7] AND (abs(latitude - a[i + 8]) <= degrees(r) OR abs(latitude - a[i + 9]) <= degrees(r)) THEN
    RETURN true;
  END IF;
  IF a[i + 7] >= 360 THEN RETURN false; END IF;
  arcs := @.sky_meridians(a, i);
  k := 1;
  WHILE k <= 24 LOOP
    -- The two halves of a meridian, as a polygon of two edges.
    IF @.sky_edge_near(ARRAY[2, 1, 0, 0, 0, 0] || arcs[k : k + 5], 1, x, y, z, r) THEN RETURN true; END IF;
    k := k + 6;
  END LOOP;
  RETURN false;
END $$;

-- the meridians of a range: four arcs shorter than a half circle, each as two unit vectors
CREATE OR REPLACE FUNCTION @.sky_meridians(a float8[], i int) RETURNS float8[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  arcs float8[] := '{}'; l float8; d float8; middle float8 := (a[i + 8] + a[i + 9]) / 2;
BEGIN
  FOR side IN 0 .. 1 LOOP
    l := radians(a[i + 6] + side * a[i + 7]);
    FOREACH d IN ARRAY ARRAY[a[i + 8], middle, middle, a[i + 9]] LOOP
      d := radians(d);
      arcs := arcs || ARRAY[cos(d) * cos(l), cos(d) * sin(l), sin(d)];
    END LOOP;
  END LOOP;
  RETURN arcs;
END $$;

-- whether a part contains a point; edge: whether its boundary belongs to it, within 1e-11 radians
CREATE OR REPLACE FUNCTION @.sky_part_has(a float8[], i int, x float8, y float8, z float8, edge bool) RETURNS bool
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  cx float8; cy float8; cz float8; ex float8; ey float8; ez float8; wx float8; wy float8; wz float8;
  ax float8; ay float8; az float8; bx float8; by_ float8; bz float8; before bool; after bool; inside bool := false;
  k int; last int; latitude float8; t float8;
BEGIN
  IF a[i] = -1 THEN
    latitude := degrees(atan2(z, sqrt(x * x + y * y)));
    IF latitude < a[i + 8] - 1e-10 OR latitude > a[i + 9] + 1e-10 THEN RETURN false; END IF;
    t := degrees(atan2(y, x)) - a[i + 6];
    t := t - 360 * floor(t / 360);
    RETURN t <= a[i + 7] + 1e-10 OR t >= 360 - 1e-10 OR abs(latitude) >= 90 - 1e-10;
  END IF;
  cx := a[i + 2]; cy := a[i + 3]; cz := a[i + 4];
  IF (x - cx) ^ 2 + (y - cy) ^ 2 + (z - cz) ^ 2 > 4 * sin(a[i + 5] / 2) ^ 2 THEN RETURN false; END IF;
  IF a[i] = 0 THEN RETURN true; END IF;
  -- The parity of edges on the way from the point to a point at 90 degrees from the centre.
  IF abs(cz) < 0.9 THEN
    ex := -cy; ey := cx; ez := 0;
  ELSE
    ex := cz; ey := 0; ez := -cx;
  END IF;
  wx := y * ez - z * ey; wy := z * ex - x * ez; wz := x * ey - y * ex;
  last := i + 3 + 3 * a[i]::int;
  ax := a[last]; ay := a[last + 1]; az := a[last + 2];
  before := wx * ax + wy * ay + wz * az >= 0;
  k := i + 6;
  WHILE k <= last LOOP
    bx := a[k]; by_ := a[k + 1]; bz := a[k + 2];
    after := wx * bx + wy * by_ + wz * bz >= 0;
    IF before <> after THEN
      IF ((ay * bz - az * by_) * x + (az * bx - ax * bz) * y + (ax * by_ - ay * bx) * z > 0) = after THEN
        inside := NOT inside;
      END IF;
    END IF;
    ax := bx; ay := by_; az := bz; before := after;
    k := k + 3;
  END LOOP;
  RETURN inside OR edge AND @.sky_edge_near(a, i, x, y, z, 1e-11);
END $$;

CREATE OR REPLACE FUNCTION @.sky_has(a float8[], x float8, y float8, z float8) RETURNS bool
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
  i int := 5; count int := array_length(a, 1); inside bool := false;
BEGIN
  WHILE i <= count LOOP
    IF a[i + 1] > 0 THEN
      IF inside THEN RETURN true; END IF;
      inside := @.sky_part_has(a, i, x, y, z, true);
    ELSIF inside THEN
      inside := NOT @.sky_part_has(a, i, x, y, z, false);
    END IF;
    i := @.sky_next(a, i);
  END LOOP;
  RETURN inside;
END $$;

-- whether an arc (two unit vectors) crosses the arc from p to q
CREATE OR REPLACE FUNCTION @.sky_arcs_cross(ax float8, ay float8, az float8, bx float8, by_ float8, bz float8,
  px float8, py float8, pz float8, qx float8, qy float8, qz float8) RETURNS bool
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  nx float8 := ay * bz - az * by_; ny float8 := az * bx - ax * bz; nz float8 := ax * by_ - ay * bx;
  sp float8 := nx * px + ny * py + nz * pz; sq float8 := nx * qx + ny * qy + nz * qz;
  mx float8; my float8; mz float8; sa float8; sb float8;
BEGIN
  IF sp * sq >= 0 THEN RETURN false; END IF;
  mx := py * qz - pz * qy; my := pz * qx - px * qz; mz := px * qy - py * qx;
  sa := mx * ax + my * ay + mz * az; sb := mx * bx + my * by_ + mz * bz;
  IF sa * sb >= 0 THEN RETURN false; END IF;
  -- Each arc crosses the other's great circle; they cross if they do so on the same side of the sphere.
  sa := abs(sa); sb := abs(sb); sp := abs(sp); sq := abs(sq);
  RETURN (ax * sb + bx * sa) * (px * sq + qx * sp) + (ay * sb + by_ * sa) * (py * sq + qy * sp)
    + (az * sb + bz * sa) * (pz * sq + qz * sp) > 0;
END $$;

-- whether an arc crosses the parallels of a range
CREATE OR REPLACE FUNCTION @.sky_crosses_parallels(a float8[], i int, px float8, py float8, pz float8,
  qx float8, qy float8, qz float8) RETURNS bool
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  c float8 := px * qx + py * qy + pz * qz; s float8; length float8; vx float8; vy float8; vz float8;
  d float8; t float8; side int; amplitude float8; longitude float8;
BEGIN
  vx := qx - c * px; vy := qy - c * py; vz := qz - c * pz;
  s := sqrt(vx * vx + vy * vy + vz * vz);
  IF s = 0 THEN RETURN false; END IF;
  vx := vx / s; vy := vy / s; vz := vz / s;
  length := atan2(s, c); amplitude := sqrt(pz * pz + vz * vz);
  FOREACH d IN ARRAY ARRAY[sin(radians(a[i + 8])), sin(radians(a[i + 9]))] LOOP
    CONTINUE WHEN abs(d) >= amplitude;
    FOREACH side IN ARRAY ARRAY[-1, 1] LOOP
      t := atan2(vz, pz) + side * acos(d / amplitude);
      t := t - 2 * pi() * floor(t / (2 * pi()));
      CONTINUE WHEN t > length;
      longitude := degrees(atan2(py * cos(t) + vy * sin(t), px * cos(t) + vx * sin(t))) - a[i + 6];
      IF longitude - 360 * floor(longitude / 360) <= a[i + 7] THEN RETURN true; END IF;
    END LOOP;
  END LOOP;
  RETURN false;
END $$;

-- whether the boundaries of two parts cross; a is a polygon, b a polygon or a range
CREATE OR REPLACE FUNCTION @.sky_parts_cross(a float8[], i int, b float8[], j int) RETURNS bool
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  k int := i + 6; l int; last int := i + 3 + 3 * a[i]::int; m int := last; arcs float8[];
BEGIN
  IF b[j] = -1 AND b[j + 7] < 360 THEN arcs := @.sky_meridians(b, j); END IF;
  WHILE k <= last LOOP
    IF b[j] = -1 THEN
      IF @.sky_crosses_parallels(b, j, a[m], a[m + 1], a[m + 2], a[k], a[k + 1], a[k + 2]) THEN RETURN true; END IF;
      l := 1;
      WHILE l <= coalesce(array_length(arcs, 1), 0) LOOP
        IF @.sky_arcs_cross(a[m], a[m + 1], a[m + 2], a[k], a[k + 1], a[k + 2],
          arcs[l], arcs[l + 1], arcs[l + 2], arcs[l + 3], arcs[l + 4], arcs[l + 5]) THEN RETURN true; END IF;
        l := l + 6;
      END LOOP;
    ELSIF @.sky_arc_crosses(b, j, a[m], a[m + 1], a[m + 2], a[k], a[k + 1], a[k + 2]) THEN
      RETURN true;
    END IF;
    m := k;
    k := k + 3;
  END LOOP;
  RETURN false;
END $$;

-- whether an arc crosses the boundary of a polygon
CREATE OR REPLACE FUNCTION @.sky_arc_crosses(b float8[], j int, px float8, py float8, pz float8,
  qx float8, qy float8, qz float8) RETURNS bool
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  mx float8 := py * qz - pz * qy; my float8 := pz * qx - px * qz; mz float8 := px * qy - py * qx;
  l int := j + 6; last int := j + 3 + 3 * b[j]::int; k int := last; before float8; after float8;
BEGIN
  before := mx * b[k] + my * b[k + 1] + mz * b[k + 2];
  WHILE l <= last LOOP
    after := mx * b[l] + my * b[l + 1] + mz * b[l + 2];
    IF before * after < 0 THEN
      IF @.sky_arcs_cross(b[k], b[k + 1], b[k + 2], b[l], b[l + 1], b[l + 2], px, py, pz, qx, qy, qz) THEN
        RETURN true;
      END IF;
    END IF;
    before := after; k := l;
    l := l + 3;
  END LOOP;
  RETURN false;
END $$;
`;
