# Draws generalization-kernel-ridge-self-gap (pdf svg png) from the numbers in generalization-kernel-ridge-self-gap.dat.
# By Valence: fdc70e4e49b072d7
# To redraw: gnuplot generalization-kernel-ridge-self-gap.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'generalization-kernel-ridge-self-gap.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,10.8cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,408 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,1276 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'generalization-kernel-ridge-self-gap.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'generalization-kernel-ridge-self-gap.dat'
W = 85.0
H = 108.0
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold Trained on one corpus, tested on each · kernel-ridge-self}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'Gap in UAR to training within the test corpus' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'ravdess' at screen x(18.17), screen y(16.55) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'emovo' at screen x(18.17), screen y(31.55) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'urdu' at screen x(18.17), screen y(46.55) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'emodb' at screen x(18.17), screen y(61.55) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'ravdess' at screen x(26.67), screen y(71.33) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'emovo' at screen x(41.67), screen y(71.33) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'urdu' at screen x(56.67), screen y(71.33) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'emodb' at screen x(71.67), screen y(71.33) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'N = 672' at screen x(26.67), screen y(74.08) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'N = 336' at screen x(41.67), screen y(74.08) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'N = 400' at screen x(56.67), screen y(74.08) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'N = 339' at screen x(71.67), screen y(74.08) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '24 speakers' at screen x(26.67), screen y(76.62) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '6 speakers' at screen x(41.67), screen y(76.62) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '29 speakers' at screen x(56.67), screen y(76.62) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '10 speakers' at screen x(71.67), screen y(76.62) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Training corpus' at screen x(7.63), screen y(39.05) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Test corpus (N utterances)' at screen x(49.17), screen y(79.69) center font ',7' textcolor rgb '#000000' noenhanced front
set label '−20' at screen x(33.38), screen y(86.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label '0' at screen x(49.17), screen y(86.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label '20' at screen x(64.96), screen y(86.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Gap (percentage points)' at screen x(49.17), screen y(88.7) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Percentage points of UAR: the cell minus the framed cell of its column, a difference of' at screen x(1.5), screen y(92.44) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'means. Framed, in brackets: UAR within the corpus (%).' at screen x(1.5), screen y(94.98) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'All cells: Normalized by statistics of each corpus, unlabeled test speech included.' at screen x(1.5), screen y(97.52) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'All cells: Adapted to unlabeled test speech: self-training in 3 rounds.' at screen x(1.5), screen y(100.06) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '† Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(102.6) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(105.14) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
unset tics
set colorbox horizontal user origin screen x(19.17), screen y(84.49) size screen 60 / W, screen 2 / H noborder
set cbtics out scale 0.3 ('' -20, '' 0, '' 20)
set lmargin at screen x(19.17)
set rmargin at screen x(79.17)
set tmargin at screen y(9.05)
set bmargin at screen y(69.05)
set xrange [-0.5:3.5]
set yrange [3.5:-0.5]
set border 15 lw 0.5 lc rgb '#808080'
set palette defined (0 '#b35806', 0.125 '#e08214', 0.25 '#fdb863', 0.375 '#fee0b6', 0.5 '#f7f7f7', 0.625 '#d8daeb', 0.75 '#b2abd2', 0.875 '#8073ac', 1 '#542788')
set cbrange [-38:38]
position(v) = v <= -38 ? 0 : v >= 38 ? 1 : (v - -38) / (1.0 * 38 - -38)
ink(p) = ((p >= 0 && p < 0.014) || (p >= 0.887 && p < 1.001)) ? 0xffffff : 0x000000
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'cells:' using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid border rgb '#ffffff' linewidth 0.5 linecolor palette, \
  data index 'cells:' using 1:($2 + 0):(stringcolumn(5)):(ink(position($3))) with labels font ',7' textcolor rgb variable noenhanced, \
  data index 'framed:' using 1:2:(0.46):(0.46) with boxxyerror fillstyle empty linecolor rgb '#000000' linewidth 2
unset label; unset arrow; unset object
unset output
