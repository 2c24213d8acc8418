;; The loops over all pixels of an image, four single-precision pixels at a time (WebAssembly with vectors of 128 bits).
;; `npm run kernel` assembles this file to pixel-kernel.wasm.ts; `npm run check` compares the two. Input and output are
;; in the memory; pixel-kernel.ts defines its layout and calls these functions.
(module
  (memory (export "memory") 14 14)

  ;; Swaps the bytes of 32-bit numbers. `count` is a multiple of 4, unless the comment says that it may be any number.
  (func (export "swap") (param $at i32) (param $count i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $at) (i32.shl (local.get $count) (i32.const 2))))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
      (v128.store (local.get $at)
        (i8x16.shuffle 3 2 1 0 7 6 5 4 11 10 9 8 15 14 13 12 (v128.load (local.get $at)) (v128.const i32x4 0 0 0 0)))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br $next))))

  ;; Results for each of the four lanes: minimum (0), maximum (16), finite pixels (32), NaNs (48); and two sums in
  ;; double precision (64).
  (func (export "statistics") (param $at i32) (param $count i32)
    (local $end i32) (local $v v128) (local $isFinite v128)
    (local $finite v128) (local $nan v128) (local $min v128) (local $max v128) (local $low v128) (local $high v128)
    (local.set $end (i32.add (local.get $at) (i32.shl (local.get $count) (i32.const 2))))
    (local.set $min (v128.const f32x4 inf inf inf inf))
    (local.set $max (v128.const f32x4 -inf -inf -inf -inf))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
      (local.set $v (v128.load (local.get $at)))
      ;; v - v is 0 for a finite number and NaN for any other; true is -1.
      (local.set $isFinite (f32x4.eq (f32x4.sub (local.get $v) (local.get $v)) (v128.const f32x4 0 0 0 0)))
      (local.set $finite (i32x4.sub (local.get $finite) (local.get $isFinite)))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      ;; In most cases all four are finite.
      (if (i32x4.all_true (local.get $isFinite))
        (then
          (local.set $min (f32x4.pmin (local.get $min) (local.get $v)))
          (local.set $max (f32x4.pmax (local.get $max) (local.get $v))))
        (else
          (local.set $nan (i32x4.sub (local.get $nan) (f32x4.ne (local.get $v) (local.get $v))))
          (br_if $next (i32.eqz (v128.any_true (local.get $isFinite))))
          (local.set $min (f32x4.pmin (local.get $min)
            (v128.bitselect (local.get $v) (v128.const f32x4 inf inf inf inf) (local.get $isFinite))))
          (local.set $max (f32x4.pmax (local.get $max)
            (v128.bitselect (local.get $v) (v128.const f32x4 -inf -inf -inf -inf) (local.get $isFinite))))
          (local.set $v (v128.and (local.get $v) (local.get $isFinite)))))
      (local.set $low (f64x2.add (local.get $low) (f64x2.promote_low_f32x4 (local.get $v))))
      (local.set $high (f64x2.add (local.get $high) (f64x2.promote_low_f32x4
        (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $v) (local.get $v)))))
      (br $next)))
    (v128.store (i32.const 0) (local.get $min))
    (v128.store (i32.const 16) (local.get $max))
    (v128.store (i32.const 32) (local.get $finite))
    (v128.store (i32.const 48) (local.get $nan))
    (v128.store (i32.const 64) (f64x2.add (local.get $low) (local.get $high))))

  ;; Counts numbers in the histogram by their upper 16 bits, and marks the pages of 64 bins they are in. Any `count`.
  (func (export "tally") (param $at i32) (param $count i32)
    (local $end i32) (local $bits i32) (local $bin i32)
    (local.set $end (i32.add (local.get $at) (i32.shl (local.get $count) (i32.const 2))))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
      (local.set $bits (i32.load16_u offset=2 (local.get $at)))
      (i32.store8 offset=0xd0000 (i32.shr_u (local.get $bits) (i32.const 6)) (i32.const 1))
      (local.set $bin (i32.shl (local.get $bits) (i32.const 2)))
      (i32.store offset=0x90000 (local.get $bin) (i32.add (i32.load offset=0x90000 (local.get $bin)) (i32.const 1)))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br $next))))

  ;; Overwrites the image with image x beam: NaN where the beam is not above 0. Results for each lane: pixels defined
  ;; only in the image (32), only in the beam (48), in the image where the beam is 0 or less (64).
  (func (export "multiply") (param $image i32) (param $beam i32) (param $count i32)
    (local $end i32) (local $v v128) (local $r v128) (local $vNan v128) (local $rNan v128)
    (local $onlyImage v128) (local $onlyBeam v128) (local $notPositive v128)
    (local.set $end (i32.add (local.get $image) (i32.shl (local.get $count) (i32.const 2))))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $image) (local.get $end)))
      (local.set $v (v128.load (local.get $image)))
      (local.set $r (v128.load (local.get $beam)))
      (local.set $vNan (f32x4.ne (local.get $v) (local.get $v)))
      (local.set $rNan (f32x4.ne (local.get $r) (local.get $r)))
      (local.set $onlyImage (i32x4.sub (local.get $onlyImage) (v128.andnot (local.get $rNan) (local.get $vNan))))
      (local.set $onlyBeam (i32x4.sub (local.get $onlyBeam) (v128.andnot (local.get $vNan) (local.get $rNan))))
      (local.set $notPositive (i32x4.sub (local.get $notPositive)
        (v128.andnot (f32x4.le (local.get $r) (v128.const f32x4 0 0 0 0)) (local.get $vNan))))
      (v128.store (local.get $image) (v128.bitselect
        (f32x4.mul (local.get $v) (local.get $r))
        (v128.const f32x4 nan nan nan nan)
        (f32x4.gt (local.get $r) (v128.const f32x4 0 0 0 0))))
      (local.set $image (i32.add (local.get $image) (i32.const 16)))
      (local.set $beam (i32.add (local.get $beam) (i32.const 16)))
      (br $next)))
    (v128.store (i32.const 32) (local.get $onlyImage))
    (v128.store (i32.const 48) (local.get $onlyBeam))
    (v128.store (i32.const 64) (local.get $notPositive)))
)
