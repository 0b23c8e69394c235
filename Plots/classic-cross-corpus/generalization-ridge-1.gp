# Draws generalization-ridge-1 (pdf svg png) from the numbers in generalization-ridge-1.dat.
# By Valence: 8f1b38ab03742ed6
# To redraw: gnuplot generalization-ridge-1.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'generalization-ridge-1.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,10.54cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,398 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,1245 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'generalization-ridge-1.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'generalization-ridge-1.dat'
W = 85.0
H = 105.4
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold Trained on one corpus, tested on each · ridge-1}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by training and test corpus' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
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
set label '25.0 (chance)' at screen x(19.17), screen y(86.16) left font ',6' textcolor rgb '#000000' noenhanced front
set label '40' at screen x(34.85), screen y(86.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label '50' at screen x(45.31), screen y(86.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label '60' at screen x(55.76), screen y(86.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label '70' at screen x(66.22), screen y(86.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label '80' at screen x(76.67), screen y(86.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(49.17), screen y(88.7) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Framed: within corpus, held-out folds. Small print: 95 % interval over test speakers. In' at screen x(1.5), screen y(92.44) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'each cell, n is the number of models. Chance 25.0 %.' at screen x(1.5), screen y(94.98) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'All cells: Normalized by statistics of each corpus, unlabeled test speech included.' at screen x(1.5), screen y(97.52) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '† Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(100.06) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(102.6) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
unset tics
set colorbox horizontal user origin screen x(19.17), screen y(84.49) size screen 60 / W, screen 2 / H noborder
set cbtics out scale 0.3 ('' 25, '' 40, '' 50, '' 60, '' 70, '' 80)
set lmargin at screen x(19.17)
set rmargin at screen x(79.17)
set tmargin at screen y(9.05)
set bmargin at screen y(69.05)
set xrange [-0.5:3.5]
set yrange [3.5:-0.5]
set border 15 lw 0.5 lc rgb '#808080'
set palette defined (0 '#440154', 0.125 '#472d7b', 0.25 '#3b528b', 0.375 '#2c728e', 0.5 '#21918c', 0.625 '#28ae80', 0.75 '#5ec962', 0.875 '#addc30', 1 '#fde725')
set cbrange [25:82.3924]
position(v) = v <= 25 ? 0 : v >= 82.3924 ? 1 : (v - 25) / (1.0 * 82.3924 - 25)
ink(p) = ((p >= 0 && p < 0.434)) ? 0xffffff : 0x000000
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'cells:' using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid border rgb '#ffffff' linewidth 0.5 linecolor palette, \
  data index 'cells:' using 1:($2 + -0.169333):(stringcolumn(8)):(ink(position($3))) with labels font ',7' textcolor rgb variable noenhanced, \
  data index 'cells:' using 1:($2 + 0.0141111):(stringcolumn(9)):(ink(position($3))) with labels font ',6' textcolor rgb variable noenhanced, \
  data index 'cells:' using 1:($2 + 0.183444):(stringcolumn(10)):(ink(position($3))) with labels font ',6' textcolor rgb variable noenhanced, \
  data index 'framed:' using 1:2:(0.46):(0.46) with boxxyerror fillstyle empty linecolor rgb '#000000' linewidth 2
unset label; unset arrow; unset object
unset output
