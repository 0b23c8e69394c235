# Draws generalization-kernel-ridge-self--other-speakers--gap (pdf svg png) from the numbers in generalization-kernel-ridge-self--other-speakers--gap.dat.
# By Valence: fc1dfc937c791598
# To redraw: gnuplot generalization-kernel-ridge-self--other-speakers--gap.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'generalization-kernel-ridge-self--other-speakers--gap.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,11.39cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,430 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,1345 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'generalization-kernel-ridge-self--other-speakers--gap.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'generalization-kernel-ridge-self--other-speakers--gap.dat'
W = 85.0
H = 113.9
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold Trained on one corpus, tested on each · kernel-ridge-self}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label '{/:Bold (other speakers)}' at screen x(1.5), screen y(6.58) left font ',8' textcolor rgb '#000000' enhanced front
set label 'Gap in UAR to training within the test corpus' at screen x(1.5), screen y(9.76) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'ravdess' at screen x(18.17), screen y(19.94) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'emovo' at screen x(18.17), screen y(34.94) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'urdu' at screen x(18.17), screen y(49.94) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'emodb' at screen x(18.17), screen y(64.94) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'ravdess' at screen x(26.67), screen y(74.72) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'emovo' at screen x(41.67), screen y(74.72) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'urdu' at screen x(56.67), screen y(74.72) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'emodb' at screen x(71.67), screen y(74.72) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'N = 672' at screen x(26.67), screen y(77.47) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'N = 336' at screen x(41.67), screen y(77.47) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'N = 400' at screen x(56.67), screen y(77.47) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'N = 339' at screen x(71.67), screen y(77.47) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '24 speakers' at screen x(26.67), screen y(80.01) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '6 speakers' at screen x(41.67), screen y(80.01) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '29 speakers' at screen x(56.67), screen y(80.01) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '10 speakers' at screen x(71.67), screen y(80.01) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Training corpus' at screen x(7.63), screen y(42.44) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Test corpus (N utterances)' at screen x(49.17), screen y(83.08) center font ',7' textcolor rgb '#000000' noenhanced front
set label '−20' at screen x(30.13), screen y(89.55) center font ',6' textcolor rgb '#000000' noenhanced front
set label '0' at screen x(49.17), screen y(89.55) center font ',6' textcolor rgb '#000000' noenhanced front
set label '20' at screen x(68.22), screen y(89.55) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Gap (percentage points)' at screen x(49.17), screen y(92.09) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Percentage points of UAR: the cell minus the framed cell of its column, a difference of' at screen x(1.5), screen y(95.83) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'means. Framed, in brackets: UAR within the corpus (%).' at screen x(1.5), screen y(98.37) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'All cells: Normalized by statistics of each corpus, unlabeled test speech included.' at screen x(1.5), screen y(100.91) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'All cells: Adapted to unlabeled test speech of one half of the speakers, and is scored' at screen x(1.5), screen y(103.45) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'on the other half: self-training in 3 rounds.' at screen x(1.5), screen y(105.99) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '† Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(108.53) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(111.07) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
unset tics
set colorbox horizontal user origin screen x(19.17), screen y(87.88) size screen 60 / W, screen 2 / H noborder
set cbtics out scale 0.3 ('' -20, '' 0, '' 20)
set lmargin at screen x(19.17)
set rmargin at screen x(79.17)
set tmargin at screen y(12.44)
set bmargin at screen y(72.44)
set xrange [-0.5:3.5]
set yrange [3.5:-0.5]
set border 15 lw 0.5 lc rgb '#808080'
set palette defined (0 '#b35806', 0.125 '#e08214', 0.25 '#fdb863', 0.375 '#fee0b6', 0.5 '#f7f7f7', 0.625 '#d8daeb', 0.75 '#b2abd2', 0.875 '#8073ac', 1 '#542788')
set cbrange [-31.5:31.5]
position(v) = v <= -31.5 ? 0 : v >= 31.5 ? 1 : (v - -31.5) / (1.0 * 31.5 - -31.5)
ink(p) = ((p >= 0 && p < 0.014) || (p >= 0.887 && p < 1.001)) ? 0xffffff : 0x000000
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'cells:' using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid border rgb '#ffffff' linewidth 0.5 linecolor palette, \
  data index 'cells:' using 1:($2 + 0):(stringcolumn(5)):(ink(position($3))) with labels font ',7' textcolor rgb variable noenhanced, \
  data index 'framed:' using 1:2:(0.46):(0.46) with boxxyerror fillstyle empty linecolor rgb '#000000' linewidth 2
unset label; unset arrow; unset object
unset output
