# Draws generalization-normalization-corpus-gap (pdf svg png) from the numbers in generalization-normalization-corpus-gap.dat.
# By Valence: 4576cf9b19ad4cf2
# To redraw: gnuplot generalization-normalization-corpus-gap.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'generalization-normalization-corpus-gap.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,9.38cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,355 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,1108 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'generalization-normalization-corpus-gap.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'generalization-normalization-corpus-gap.dat'
W = 85.0
H = 93.8
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold Trained on one corpus, tested on each · normalization=}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label '{/:Bold corpus}' at screen x(1.5), screen y(6.58) left font ',8' textcolor rgb '#000000' enhanced front
set label 'Gap in UAR to training within the test corpus' at screen x(1.5), screen y(9.76) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'ravdess' at screen x(25.67), screen y(19.94) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'emovo' at screen x(25.67), screen y(34.94) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'emodb' at screen x(25.67), screen y(49.94) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'ravdess' at screen x(34.17), screen y(59.72) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'emovo' at screen x(49.17), screen y(59.72) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'emodb' at screen x(64.17), screen y(59.72) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'N = 672' at screen x(34.17), screen y(62.47) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'N = 336' at screen x(49.17), screen y(62.47) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'N = 339' at screen x(64.17), screen y(62.47) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '24 speakers' at screen x(34.17), screen y(65.01) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '6 speakers' at screen x(49.17), screen y(65.01) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '10 speakers' at screen x(64.17), screen y(65.01) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Training corpus' at screen x(15.13), screen y(34.94) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Test corpus (N utterances)' at screen x(49.17), screen y(68.08) center font ',7' textcolor rgb '#000000' noenhanced front
set label '−40' at screen x(28.11), screen y(74.55) center font ',6' textcolor rgb '#000000' noenhanced front
set label '−20' at screen x(38.64), screen y(74.55) center font ',6' textcolor rgb '#000000' noenhanced front
set label '0' at screen x(49.17), screen y(74.55) center font ',6' textcolor rgb '#000000' noenhanced front
set label '20' at screen x(59.7), screen y(74.55) center font ',6' textcolor rgb '#000000' noenhanced front
set label '40' at screen x(70.23), screen y(74.55) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Gap (percentage points)' at screen x(49.17), screen y(77.09) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Percentage points of UAR: the cell minus the framed cell of its column, a difference of' at screen x(1.5), screen y(80.83) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'means. Framed, in brackets: UAR within the corpus (%).' at screen x(1.5), screen y(83.37) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'All cells: Normalized by statistics of each corpus, unlabeled test speech included.' at screen x(1.5), screen y(85.91) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '† Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(88.45) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(90.99) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
unset tics
set colorbox horizontal user origin screen x(26.67), screen y(72.88) size screen 45 / W, screen 2 / H noborder
set cbtics out scale 0.3 ('' -40, '' -20, '' 0, '' 20, '' 40)
set lmargin at screen x(26.67)
set rmargin at screen x(71.67)
set tmargin at screen y(12.44)
set bmargin at screen y(57.44)
set xrange [-0.5:2.5]
set yrange [2.5:-0.5]
set border 15 lw 0.5 lc rgb '#808080'
set palette defined (0 '#b35806', 0.125 '#e08214', 0.25 '#fdb863', 0.375 '#fee0b6', 0.5 '#f7f7f7', 0.625 '#d8daeb', 0.75 '#b2abd2', 0.875 '#8073ac', 1 '#542788')
set cbrange [-42.732:42.732]
position(v) = v <= -42.732 ? 0 : v >= 42.732 ? 1 : (v - -42.732) / (1.0 * 42.732 - -42.732)
ink(p) = ((p >= 0 && p < 0.014) || (p >= 0.887 && p < 1.001)) ? 0xffffff : 0x000000
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'cells:' using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid border rgb '#ffffff' linewidth 0.5 linecolor palette, \
  data index 'cells:' using 1:($2 + 0):(stringcolumn(5)):(ink(position($3))) with labels font ',7' textcolor rgb variable noenhanced, \
  data index 'framed:' using 1:2:(0.46):(0.46) with boxxyerror fillstyle empty linecolor rgb '#000000' linewidth 2
unset label; unset arrow; unset object
unset output
