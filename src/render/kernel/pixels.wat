;; The two loops that touch every pixel of the map, sixteen pixels at a time. Plain versions of them, which say what
;; they do in a few lines, are in plain-kernel.ts; where things lie in the memory is wasm-kernel.ts's business.
(module
  (memory (export "memory") 1)

  ;; Turns rows of inks into colours.
  ;; $width: inks of a row; $end: past the last row. What lies behind that may be read, and is written over by no more
  ;;   than fifteen pixels.
  ;; $planes: red of inks 0 to 15, 16 to 31, 32 to 47, 48 to 63, a byte each; then green and blue alike.
  ;; $colours: the colour of every ink, four bytes each.
  (func (export "colour")
    (param $pixels i32) (param $inks i32) (param $end i32) (param $width i32) (param $planes i32) (param $colours i32)
    (local $above i32)
    (local.set $above (local.get $inks))
    (loop $nextRow
      (if (call $isLike (local.get $inks) (local.get $above) (local.get $width))
        (then
          (memory.copy
            (local.get $pixels)
            (i32.sub (local.get $pixels) (i32.shl (local.get $width) (i32.const 2)))
            (i32.shl (local.get $width) (i32.const 2))))
        (else
          (call $colourRow (local.get $pixels) (local.get $inks) (i32.add (local.get $inks) (local.get $width))
            (local.get $planes) (local.get $colours))))
      (local.set $above (local.get $inks))
      (local.set $inks (i32.add (local.get $inks) (local.get $width)))
      (local.set $pixels (i32.add (local.get $pixels) (i32.shl (local.get $width) (i32.const 2))))
      (br_if $nextRow (i32.lt_u (local.get $inks) (local.get $end)))))

  ;; Whether a row is the same as the one above it; not if it is the first. What comes after it is looked at too, up to
  ;; the next 64: where the rows below differ there, the answer may be no where it need not be.
  (func $isLike (param $row i32) (param $other i32) (param $width i32) (result i32)
    (local $end i32)
    (if (i32.eq (local.get $row) (local.get $other)) (then (return (i32.const 0))))
    (local.set $end (i32.add (local.get $row) (local.get $width)))
    (loop $next
      (if (v128.any_true
            (v128.or
              (v128.or
                (v128.xor (v128.load (local.get $row)) (v128.load (local.get $other)))
                (v128.xor (v128.load offset=16 (local.get $row)) (v128.load offset=16 (local.get $other))))
              (v128.or
                (v128.xor (v128.load offset=32 (local.get $row)) (v128.load offset=32 (local.get $other)))
                (v128.xor (v128.load offset=48 (local.get $row)) (v128.load offset=48 (local.get $other))))))
        (then (return (i32.const 0))))
      (local.set $row (i32.add (local.get $row) (i32.const 64)))
      (local.set $other (i32.add (local.get $other) (i32.const 64)))
      (br_if $next (i32.lt_u (local.get $row) (local.get $end))))
    (i32.const 1))

  ;; Nearly all rows make do with few inks: a swizzle looks sixteen bytes up in sixteen.
  (func $colourRow (param $pixels i32) (param $inks i32) (param $end i32) (param $planes i32) (param $colours i32)
    (local $most v128) (local $i i32)
    (local.set $i (local.get $inks))
    (loop $next
      (local.set $most (i8x16.max_u (local.get $most) (v128.load (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $end))))
    (if (v128.any_true (i8x16.gt_u (local.get $most) (v128.const i8x16 63 63 63 63 63 63 63 63 63 63 63 63 63 63 63 63)))
      (then (call $colourAny (local.get $pixels) (local.get $inks) (local.get $end) (local.get $colours)) (return)))
    (if (v128.any_true (i8x16.gt_u (local.get $most) (v128.const i8x16 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15)))
      (then (call $colourMany (local.get $pixels) (local.get $inks) (local.get $end) (local.get $planes)) (return)))
    (call $colourFew (local.get $pixels) (local.get $inks) (local.get $end) (local.get $planes)))

  ;; Of 256 inks.
  (func $colourAny (param $pixels i32) (param $inks i32) (param $end i32) (param $colours i32)
    (loop $next
      (i32.store (local.get $pixels)
        (i32.load (i32.add (local.get $colours) (i32.shl (i32.load8_u (local.get $inks)) (i32.const 2)))))
      (local.set $inks (i32.add (local.get $inks) (i32.const 1)))
      (local.set $pixels (i32.add (local.get $pixels) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $inks) (local.get $end)))))

  ;; Of 64 inks.
  (func $colourMany (param $pixels i32) (param $inks i32) (param $end i32) (param $planes i32)
    (local $first v128) (local $second v128) (local $third v128) (local $fourth v128)
    (local $red v128) (local $green v128) (local $blue v128) (local $alpha v128) (local $low v128) (local $high v128)
    (loop $next
      ;; Looking up what is not within its sixteen gives 0.
      (local.set $first (v128.load (local.get $inks)))
      (local.set $second (i8x16.sub (local.get $first) (v128.const i8x16 16 16 16 16 16 16 16 16 16 16 16 16 16 16 16 16)))
      (local.set $third (i8x16.sub (local.get $first) (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32)))
      (local.set $fourth (i8x16.sub (local.get $first) (v128.const i8x16 48 48 48 48 48 48 48 48 48 48 48 48 48 48 48 48)))
      (local.set $red
        (v128.or
          (v128.or
            (i8x16.swizzle (v128.load offset=0 (local.get $planes)) (local.get $first))
            (i8x16.swizzle (v128.load offset=16 (local.get $planes)) (local.get $second)))
          (v128.or
            (i8x16.swizzle (v128.load offset=32 (local.get $planes)) (local.get $third))
            (i8x16.swizzle (v128.load offset=48 (local.get $planes)) (local.get $fourth)))))
      (local.set $green
        (v128.or
          (v128.or
            (i8x16.swizzle (v128.load offset=64 (local.get $planes)) (local.get $first))
            (i8x16.swizzle (v128.load offset=80 (local.get $planes)) (local.get $second)))
          (v128.or
            (i8x16.swizzle (v128.load offset=96 (local.get $planes)) (local.get $third))
            (i8x16.swizzle (v128.load offset=112 (local.get $planes)) (local.get $fourth)))))
      (local.set $blue
        (v128.or
          (v128.or
            (i8x16.swizzle (v128.load offset=128 (local.get $planes)) (local.get $first))
            (i8x16.swizzle (v128.load offset=144 (local.get $planes)) (local.get $second)))
          (v128.or
            (i8x16.swizzle (v128.load offset=160 (local.get $planes)) (local.get $third))
            (i8x16.swizzle (v128.load offset=176 (local.get $planes)) (local.get $fourth)))))
      (local.set $alpha (i8x16.ne (local.get $first) (v128.const i64x2 0 0)))
      ;; Four planes of bytes become sixteen pixels: first pairs of bytes, then pairs of those.
      (local.set $low (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $red) (local.get $green)))
      (local.set $high (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $blue) (local.get $alpha)))
      (v128.store (local.get $pixels)
        (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23 (local.get $low) (local.get $high)))
      (v128.store offset=16 (local.get $pixels)
        (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31 (local.get $low) (local.get $high)))
      (local.set $low (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $red) (local.get $green)))
      (local.set $high (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $blue) (local.get $alpha)))
      (v128.store offset=32 (local.get $pixels)
        (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23 (local.get $low) (local.get $high)))
      (v128.store offset=48 (local.get $pixels)
        (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31 (local.get $low) (local.get $high)))
      (local.set $inks (i32.add (local.get $inks) (i32.const 16)))
      (local.set $pixels (i32.add (local.get $pixels) (i32.const 64)))
      (br_if $next (i32.lt_u (local.get $inks) (local.get $end)))))

  ;; Of 16 inks.
  (func $colourFew (param $pixels i32) (param $inks i32) (param $end i32) (param $planes i32)
    (local $ink v128) (local $reds v128) (local $greens v128) (local $blues v128)
    (local $red v128) (local $green v128) (local $blue v128) (local $alpha v128) (local $low v128) (local $high v128)
    (local.set $reds (v128.load (local.get $planes)))
    (local.set $greens (v128.load offset=64 (local.get $planes)))
    (local.set $blues (v128.load offset=128 (local.get $planes)))
    (loop $next
      (local.set $ink (v128.load (local.get $inks)))
      (local.set $red (i8x16.swizzle (local.get $reds) (local.get $ink)))
      (local.set $green (i8x16.swizzle (local.get $greens) (local.get $ink)))
      (local.set $blue (i8x16.swizzle (local.get $blues) (local.get $ink)))
      (local.set $alpha (i8x16.ne (local.get $ink) (v128.const i64x2 0 0)))
      (local.set $low (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $red) (local.get $green)))
      (local.set $high (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $blue) (local.get $alpha)))
      (v128.store (local.get $pixels)
        (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23 (local.get $low) (local.get $high)))
      (v128.store offset=16 (local.get $pixels)
        (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31 (local.get $low) (local.get $high)))
      (local.set $low (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $red) (local.get $green)))
      (local.set $high (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $blue) (local.get $alpha)))
      (v128.store offset=32 (local.get $pixels)
        (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23 (local.get $low) (local.get $high)))
      (v128.store offset=48 (local.get $pixels)
        (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31 (local.get $low) (local.get $high)))
      (local.set $inks (i32.add (local.get $inks) (i32.const 16)))
      (local.set $pixels (i32.add (local.get $pixels) (i32.const 64)))
      (br_if $next (i32.lt_u (local.get $inks) (local.get $end)))))

  ;; Paints tiles that stand in a row.
  ;; $tiles: the inks of one tile's cells after another's, $side x $side each.
  ;; $places to $placesEnd: by tile, where in the line it begins, where its map begins, and where that ends.
  ;;   A map has 48 bytes for each sixteen pixels: the cell in the tile's row from which on sixteen are looked at and the
  ;;   first of the pixels (four bytes each, and eight of padding), by pixel which of the cells it shows, and by pixel the
  ;;   ink where it shows none.
  ;; $rows to $rowsEnd: for each row of cells, how many lines of pixels show it, and how many the gap below it.
  ;; $seen: the first pixel in sight of the line that is painted over and over; $width of them are.
  ;; $gapLine: a line of the gaps.
  ;; $out: where all the lines go, one after another.
  (func (export "band")
    (param $tiles i32) (param $side i32) (param $places i32) (param $placesEnd i32)
    (param $rows i32) (param $rowsEnd i32) (param $seen i32) (param $width i32)
    (param $gapLine i32) (param $out i32)
    (local $place i32) (local $cells i32) (local $pixels i32) (local $map i32) (local $mapEnd i32) (local $count i32)
    ;; Cells of a tile's row that are compared with the row above: none where that was not painted, nor of small tiles.
    (local $compared i32) (local $look i32) (local $lookEnd i32)
    (loop $nextRow
      (if (i32.load (local.get $rows))
        (then
          (local.set $place (local.get $places))
          (local.set $cells (local.get $tiles))
          (loop $nextTile
            (local.set $pixels (i32.load (local.get $place)))
            (local.set $map (i32.load offset=4 (local.get $place)))
            (local.set $mapEnd (i32.load offset=8 (local.get $place)))
            ;; Where its row of cells is like the one above, the line has it already.
            (local.set $look (local.get $cells))
            (local.set $lookEnd (i32.add (local.get $cells) (local.get $compared)))
            (block $differs
              (loop $nextCells
                (br_if $differs (i32.eq (local.get $look) (local.get $lookEnd)))
                (br_if $differs
                  (v128.any_true (v128.xor
                    (v128.load (local.get $look))
                    (v128.load (i32.sub (local.get $look) (local.get $side))))))
                (local.set $look (i32.add (local.get $look) (i32.const 16)))
                (br_if $nextCells (i32.lt_u (local.get $look) (local.get $lookEnd))))
              (local.set $map (local.get $mapEnd)))
            (block $painted (loop $nextPixels
              (br_if $painted (i32.ge_u (local.get $map) (local.get $mapEnd)))
              (v128.store (i32.add (local.get $pixels) (i32.load offset=4 (local.get $map)))
                (v128.or
                  (i8x16.swizzle
                    (v128.load (i32.add (local.get $cells) (i32.load (local.get $map))))
                    (v128.load offset=16 (local.get $map)))
                  (v128.load offset=32 (local.get $map))))
              (local.set $map (i32.add (local.get $map) (i32.const 48)))
              (br $nextPixels)))
            (local.set $cells (i32.add (local.get $cells) (i32.mul (local.get $side) (local.get $side))))
            (local.set $place (i32.add (local.get $place) (i32.const 12)))
            (br_if $nextTile (i32.lt_u (local.get $place) (local.get $placesEnd))))
          (if (i32.ge_u (local.get $side) (i32.const 16)) (then (local.set $compared (local.get $side)))))
        (else (local.set $compared (i32.const 0))))
      (local.set $count (i32.load (local.get $rows)))
      (block $linesDone
        (loop $nextLine
          (br_if $linesDone (i32.eqz (local.get $count)))
          (memory.copy (local.get $out) (local.get $seen) (local.get $width))
          (local.set $out (i32.add (local.get $out) (local.get $width)))
          (local.set $count (i32.sub (local.get $count) (i32.const 1)))
          (br $nextLine)))
      (local.set $count (i32.load offset=4 (local.get $rows)))
      (block $gapsDone
        (loop $nextGap
          (br_if $gapsDone (i32.eqz (local.get $count)))
          (memory.copy (local.get $out) (local.get $gapLine) (local.get $width))
          (local.set $out (i32.add (local.get $out) (local.get $width)))
          (local.set $count (i32.sub (local.get $count) (i32.const 1)))
          (br $nextGap)))
      (local.set $tiles (i32.add (local.get $tiles) (local.get $side)))
      (local.set $rows (i32.add (local.get $rows) (i32.const 8)))
      (br_if $nextRow (i32.lt_u (local.get $rows) (local.get $rowsEnd))))))
