# Draws generalization-normalization-none-gap (pdf svg png) from the numbers in generalization-normalization-none-gap.dat.
# By Valence: 31f3946dec83d51e
# To redraw: gnuplot generalization-normalization-none-gap.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'generalization-normalization-none-gap.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,8.79cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,332 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,1038 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'generalization-normalization-none-gap.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'generalization-normalization-none-gap.dat'
W = 85.0
H = 87.9
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold Trained on one corpus, tested on each · normalization=none}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'Gap in UAR to training within the test corpus' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'ravdess' at screen x(25.67), screen y(16.55) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'emovo' at screen x(25.67), screen y(31.55) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'emodb' at screen x(25.67), screen y(46.55) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'ravdess' at screen x(34.17), screen y(56.33) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'emovo' at screen x(49.17), screen y(56.33) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'emodb' at screen x(64.17), screen y(56.33) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'N = 672' at screen x(34.17), screen y(59.08) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'N = 336' at screen x(49.17), screen y(59.08) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'N = 339' at screen x(64.17), screen y(59.08) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '24 speakers' at screen x(34.17), screen y(61.62) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '6 speakers' at screen x(49.17), screen y(61.62) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '10 speakers' at screen x(64.17), screen y(61.62) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Training corpus' at screen x(15.13), screen y(31.55) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Test corpus (N utterances)' at screen x(49.17), screen y(64.69) center font ',7' textcolor rgb '#000000' noenhanced front
set label '−40' at screen x(31.78), screen y(71.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label '−20' at screen x(40.48), screen y(71.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label '0' at screen x(49.17), screen y(71.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label '20' at screen x(57.87), screen y(71.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label '40' at screen x(66.57), screen y(71.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Gap (percentage points)' at screen x(49.17), screen y(73.7) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Percentage points of UAR: the cell minus the framed cell of its column, a difference of' at screen x(1.5), screen y(77.44) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'means. Framed, in brackets: UAR within the corpus (%).' at screen x(1.5), screen y(79.98) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '† Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(82.52) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(85.06) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
unset tics
set colorbox horizontal user origin screen x(26.67), screen y(69.49) size screen 45 / W, screen 2 / H noborder
set cbtics out scale 0.3 ('' -40, '' -20, '' 0, '' 20, '' 40)
set lmargin at screen x(26.67)
set rmargin at screen x(71.67)
set tmargin at screen y(9.05)
set bmargin at screen y(54.05)
set xrange [-0.5:2.5]
set yrange [2.5:-0.5]
set border 15 lw 0.5 lc rgb '#808080'
set palette defined (0 '#b35806', 0.125 '#e08214', 0.25 '#fdb863', 0.375 '#fee0b6', 0.5 '#f7f7f7', 0.625 '#d8daeb', 0.75 '#b2abd2', 0.875 '#8073ac', 1 '#542788')
set cbrange [-51.7467:51.7467]
position(v) = v <= -51.7467 ? 0 : v >= 51.7467 ? 1 : (v - -51.7467) / (1.0 * 51.7467 - -51.7467)
ink(p) = ((p >= 0 && p < 0.014) || (p >= 0.887 && p < 1.001)) ? 0xffffff : 0x000000
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'cells:' using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid border rgb '#ffffff' linewidth 0.5 linecolor palette, \
  data index 'cells:' using 1:($2 + 0):(stringcolumn(5)):(ink(position($3))) with labels font ',7' textcolor rgb variable noenhanced, \
  data index 'framed:' using 1:2:(0.46):(0.46) with boxxyerror fillstyle empty linecolor rgb '#000000' linewidth 2
unset label; unset arrow; unset object
unset output
