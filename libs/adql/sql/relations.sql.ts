/** CONTAINS and INTERSECTS of shapes, from the predicates of their parts. */
export const RELATIONS_SQL = String.raw`
-- whether two ranges overlap (meet), or a is within b
CREATE OR REPLACE FUNCTION @.sky_ranges(a float8[], i int, b float8[], j int, within bool) RETURNS bool
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  turn float8 := a[i + 6] - b[j + 6];
BEGIN
  turn := turn - 360 * floor(turn / 360);
  IF within THEN
    RETURN a[i + 8] >= b[j + 8] AND a[i + 9] <= b[j + 9]
      AND (b[j + 7] >= 360 OR turn + a[i + 7] <= b[j + 7] + 1e-10);
  END IF;
  RETURN a[i + 8] <= b[j + 9] AND b[j + 8] <= a[i + 9] AND (turn <= b[j + 7] OR turn + a[i + 7] >= 360);
END $$;

-- a point of the boundary of a polygon or range, as a unit vector
CREATE OR REPLACE FUNCTION @.sky_corner(a float8[], i int) RETURNS float8[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN a[i] > 0 THEN a[i + 6 : i + 8] ELSE ARRAY[
  cos(radians(a[i + 8])) * cos(radians(a[i + 6])), cos(radians(a[i + 8])) * sin(radians(a[i + 6])),
  sin(radians(a[i + 8]))] END;

CREATE OR REPLACE FUNCTION @.sky_parts_meet(a float8[], i int, b float8[], j int) RETURNS bool
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  p float8[]; q float8[];
BEGIN
  IF (a[i + 2] - b[j + 2]) ^ 2 + (a[i + 3] - b[j + 3]) ^ 2 + (a[i + 4] - b[j + 4]) ^ 2
    > 4 * sin(least(a[i + 5] + b[j + 5], pi()) / 2) ^ 2 THEN RETURN false; END IF;
  IF a[i] = 0 AND b[j] = 0 THEN RETURN true; END IF;
  IF a[i] = 0 THEN
    RETURN @.sky_part_has(b, j, a[i + 2], a[i + 3], a[i + 4], true)
      OR @.sky_edge_near(b, j, a[i + 2], a[i + 3], a[i + 4], a[i + 5]);
  END IF;
  IF b[j] = 0 OR a[i] = -1 AND b[j] > 0 THEN RETURN @.sky_parts_meet(b, j, a, i); END IF;
  IF a[i] = -1 THEN RETURN @.sky_ranges(a, i, b, j, false); END IF;
  p := @.sky_corner(a, i); q := @.sky_corner(b, j);
  RETURN @.sky_part_has(b, j, p[1], p[2], p[3], true) OR @.sky_part_has(a, i, q[1], q[2], q[3], true)
    OR @.sky_parts_cross(a, i, b, j);
END $$;

-- whether part i of a is within part j of b
CREATE OR REPLACE FUNCTION @.sky_part_within(a float8[], i int, b float8[], j int) RETURNS bool
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  k int; last int; p float8[]; arcs float8[];
BEGIN
  IF b[j] = 0 AND a[i] = 0 THEN
    RETURN b[j + 5] >= a[i + 5] AND (b[j + 5] >= pi() OR
      (a[i + 2] - b[j + 2]) ^ 2 + (a[i + 3] - b[j + 3]) ^ 2 + (a[i + 4] - b[j + 4]) ^ 2
      <= 4 * sin((b[j + 5] - a[i + 5]) / 2) ^ 2);
  END IF;
  IF b[j] = 0 AND (a[i] = -1 OR b[j + 5] >= pi() / 2) THEN
    -- What is within a circle does not meet the rest of the sphere, which is a circle too.
    RETURN NOT @.sky_parts_meet(a, i,
      ARRAY[0, 1, -b[j + 2], -b[j + 3], -b[j + 4], greatest(0, pi() - b[j + 5] - 1e-12)], 1);
  END IF;
  IF a[i] = 0 THEN
    RETURN @.sky_part_has(b, j, a[i + 2], a[i + 3], a[i + 4], true)
      AND (a[i + 5] = 0 OR NOT @.sky_edge_near(b, j, a[i + 2], a[i + 3], a[i + 4], a[i + 5] * (1 - 1e-12)));
  END IF;
  IF a[i] = -1 AND b[j] = -1 THEN RETURN @.sky_ranges(a, i, b, j, true); END IF;
  IF a[i] = -1 THEN
    arcs := @.sky_meridians(a, i);
    k := 1;
    WHILE k <= 24 LOOP
      IF NOT @.sky_part_has(b, j, arcs[k], arcs[k + 1], arcs[k + 2], true) THEN RETURN false; END IF;
      k := k + 3;
    END LOOP;
    p := @.sky_corner(b, j);
    RETURN NOT @.sky_part_has(a, i, p[1], p[2], p[3], false) AND NOT @.sky_parts_cross(b, j, a, i);
  END IF;
  k := i + 6; last := i + 3 + 3 * a[i]::int;
  WHILE k <= last LOOP
    IF NOT @.sky_part_has(b, j, a[k], a[k + 1], a[k + 2], true) THEN RETURN false; END IF;
    k := k + 3;
  END LOOP;
  RETURN b[j] = 0 OR NOT @.sky_parts_cross(a, i, b, j);
END $$;

-- whether part i of a is within a hole of the part j of b
CREATE OR REPLACE FUNCTION @.sky_in_hole(a float8[], i int, b float8[], j int) RETURNS bool
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  h int := @.sky_next(b, j);
BEGIN
  WHILE b[h + 1] < 0 LOOP
    IF @.sky_part_within(a, i, b, h) THEN RETURN true; END IF;
    h := @.sky_next(b, h);
  END LOOP;
  RETURN false;
END $$;

CREATE OR REPLACE FUNCTION @.sky_intersects(a float8[], b float8[]) RETURNS bool
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
  i int := 5; j int; m int := array_length(a, 1); n int := array_length(b, 1);
BEGIN
  IF (a[1] - b[1]) ^ 2 + (a[2] - b[2]) ^ 2 + (a[3] - b[3]) ^ 2 > 4 * sin(least(a[4] + b[4], pi()) / 2) ^ 2 THEN
    RETURN false;
  END IF;
  IF b[4] = 0 THEN RETURN @.sky_has(a, b[1], b[2], b[3]); END IF;
  IF a[4] = 0 THEN RETURN @.sky_has(b, a[1], a[2], a[3]); END IF;
  WHILE i <= m LOOP
    IF a[i + 1] > 0 THEN
      j := 5;
      WHILE j <= n LOOP
        IF b[j + 1] > 0 THEN
          IF @.sky_parts_meet(a, i, b, j) AND NOT @.sky_in_hole(a, i, b, j) AND NOT @.sky_in_hole(b, j, a, i) THEN
            RETURN true;
          END IF;
        END IF;
        j := @.sky_next(b, j);
      END LOOP;
    END IF;
    i := @.sky_next(a, i);
  END LOOP;
  RETURN false;
END $$;

-- whether a is within b
CREATE OR REPLACE FUNCTION @.sky_within(a float8[], b float8[]) RETURNS bool
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
  i int := 5; j int; h int; m int := array_length(a, 1); n int := array_length(b, 1); found_ bool;
BEGIN
  IF a[4] = 0 THEN RETURN @.sky_has(b, a[1], a[2], a[3]); END IF;
  WHILE i <= m LOOP
    IF a[i + 1] > 0 THEN
      found_ := false;
      j := 5;
      WHILE j <= n AND NOT found_ LOOP
        IF b[j + 1] > 0 THEN
          found_ := @.sky_part_within(a, i, b, j);
          h := @.sky_next(b, j);
          WHILE found_ AND b[h + 1] < 0 LOOP
            found_ := NOT @.sky_parts_meet(a, i, b, h) OR @.sky_in_hole(b, h, a, i);
            h := @.sky_next(b, h);
          END LOOP;
        END IF;
        j := @.sky_next(b, j);
      END LOOP;
      IF NOT found_ THEN RETURN false; END IF;
    END IF;
    i := @.sky_next(a, i);
  END LOOP;
  RETURN true;
END $$;

-- in square degrees; parts that overlap count twice
CREATE OR REPLACE FUNCTION @.sky_area(a float8[]) RETURNS float8
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
  i int := 5; k int; last int; total float8 := 0; part float8; px float8; py float8; pz float8;
  ax float8; ay float8; az float8; bx float8; by_ float8; bz float8;
BEGIN
  WHILE i <= array_length(a, 1) LOOP
    IF a[i] = 0 THEN
      part := 4 * pi() * sin(a[i + 5] / 2) ^ 2;
    ELSIF a[i] = -1 THEN
      part := radians(a[i + 7]) * (sin(radians(a[i + 9])) - sin(radians(a[i + 8])));
    ELSE
      -- The sum of the triangles between the centre and each edge (van Oosterom and Strackee 1983).
      part := 0; px := a[i + 2]; py := a[i + 3]; pz := a[i + 4];
      k := i + 6; last := i + 3 + 3 * a[i]::int;
      ax := a[last]; ay := a[last + 1]; az := a[last + 2];
      WHILE k <= last LOOP
        bx := a[k]; by_ := a[k + 1]; bz := a[k + 2];
        part := part + 2 * atan2(
          px * (ay * bz - az * by_) + py * (az * bx - ax * bz) + pz * (ax * by_ - ay * bx),
          1 + px * ax + py * ay + pz * az + px * bx + py * by_ + pz * bz + ax * bx + ay * by_ + az * bz);
        ax := bx; ay := by_; az := bz;
        k := k + 3;
      END LOOP;
      part := abs(part);
    END IF;
    total := total + sign(a[i + 1]) * part;
    i := @.sky_next(a, i);
  END LOOP;
  RETURN degrees(degrees(total));
END $$;

-- The direction of the integral of all unit vectors of a shape (Brock 1975, for polygons), as a point.
CREATE OR REPLACE FUNCTION @.sky_centroid(a float8[]) RETURNS float8[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
  i int := 5; k int; last int; x float8 := 0; y float8 := 0; z float8 := 0; s float8; w float8; l float8;
  sx float8; sy float8; sz float8; ax float8; ay float8; az float8; nx float8; ny float8; nz float8;
BEGIN
  IF a[4] = 0 THEN RETURN a; END IF;
  WHILE i <= array_length(a, 1) LOOP
    IF a[i] = 0 THEN
      w := sign(a[i + 1]) * pi() * sin(a[i + 5]) ^ 2;
      x := x + w * a[i + 2]; y := y + w * a[i + 3]; z := z + w * a[i + 4];
    ELSIF a[i] = -1 THEN
      l := radians(a[i + 6] + a[i + 7] / 2);
      w := 2 * sin(radians(a[i + 7]) / 2) * (radians(a[i + 9] - a[i + 8]) / 2
        + (sin(2 * radians(a[i + 9])) - sin(2 * radians(a[i + 8]))) / 4);
      x := x + w * cos(l); y := y + w * sin(l);
      z := z + radians(a[i + 7]) * (sin(radians(a[i + 9])) ^ 2 - sin(radians(a[i + 8])) ^ 2) / 2;
    ELSE
      sx := 0; sy := 0; sz := 0;
      k := i + 6; last := i + 3 + 3 * a[i]::int;
      ax := a[last]; ay := a[last + 1]; az := a[last + 2];
      WHILE k <= last LOOP
        nx := ay * a[k + 2] - az * a[k + 1]; ny := az * a[k] - ax * a[k + 2]; nz := ax * a[k + 1] - ay * a[k];
        s := sqrt(nx * nx + ny * ny + nz * nz);
        w := atan2(s, ax * a[k] + ay * a[k + 1] + az * a[k + 2]) / s / 2;
        sx := sx + w * nx; sy := sy + w * ny; sz := sz + w * nz;
        ax := a[k]; ay := a[k + 1]; az := a[k + 2];
        k := k + 3;
      END LOOP;
      w := sign(a[i + 1]) * CASE WHEN sx * a[i + 2] + sy * a[i + 3] + sz * a[i + 4] < 0 THEN -1 ELSE 1 END;
      x := x + w * sx; y := y + w * sy; z := z + w * sz;
    END IF;
    i := @.sky_next(a, i);
  END LOOP;
  s := sqrt(x * x + y * y + z * z);
  IF s < 1e-300 THEN RETURN NULL; END IF;
  x := x / s; y := y / s; z := z / s;
  RETURN ARRAY[x, y, z, 0, 0, 1, x, y, z, 0];
END $$;
`;
