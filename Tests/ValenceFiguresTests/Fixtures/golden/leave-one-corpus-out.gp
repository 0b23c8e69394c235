# Draws leave-one-corpus-out (pdf svg png) from the numbers in leave-one-corpus-out.dat.
# By Valence: c238205d0a464dac
# To redraw: gnuplot leave-one-corpus-out.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'leave-one-corpus-out.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 17.5cm,10.03cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 661,379 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 2067,1185 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'leave-one-corpus-out.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'leave-one-corpus-out.dat'
W = 175.0
H = 100.3
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold What carries to a corpus that nobody has heard?}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR on each corpus, trained on all others' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'kernel ridge' at screen x(61.16), screen y(16.55) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'ridge, self-training' at screen x(61.16), screen y(31.55) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'cnn + lstm' at screen x(61.16), screen y(46.55) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'baseline svm' at screen x(61.16), screen y(61.55) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'ravdess' at screen x(69.66), screen y(71.33) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'emovo' at screen x(84.66), screen y(71.33) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'urdu' at screen x(99.66), screen y(71.33) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'emodb' at screen x(114.66), screen y(71.33) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'mean' at screen x(129.66), screen y(71.33) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'N = 672' at screen x(69.66), screen y(74.08) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'N = 336' at screen x(84.66), screen y(74.08) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'N = 400' at screen x(99.66), screen y(74.08) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'N = 339' at screen x(114.66), screen y(74.08) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'N = 2111' at screen x(129.66), screen y(74.08) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '11 speakers' at screen x(69.66), screen y(76.62) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '5 speakers' at screen x(84.66), screen y(76.62) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '6 speakers' at screen x(99.66), screen y(76.62) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '5 speakers' at screen x(114.66), screen y(76.62) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Method' at screen x(39.64), screen y(39.05) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Held-out corpus (N utterances)' at screen x(99.66), screen y(79.69) center font ',7' textcolor rgb '#000000' noenhanced front
set label '25.0 (chance)' at screen x(62.16), screen y(86.16) left font ',6' textcolor rgb '#000000' noenhanced front
set label '40' at screen x(80.28), screen y(86.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label '50' at screen x(92.36), screen y(86.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label '60' at screen x(104.43), screen y(86.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label '70' at screen x(116.51), screen y(86.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label '80' at screen x(128.59), screen y(86.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(99.66), screen y(88.7) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Small print: 95 % interval over test speakers. In each cell, n is the number of networks. Chance 25.0 %. Hatched: no result.' at screen x(1.5), screen y(92.44) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Mean: of the corpora, each counted once.' at screen x(1.5), screen y(94.98) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Statistics of unlabeled test speech were used.' at screen x(1.5), screen y(97.52) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
unset tics
set colorbox horizontal user origin screen x(62.16), screen y(84.49) size screen 75 / W, screen 2 / H noborder
set cbtics out scale 0.3 ('' 25, '' 40, '' 50, '' 60, '' 70, '' 80)
set lmargin at screen x(62.16)
set rmargin at screen x(137.16)
set tmargin at screen y(9.05)
set bmargin at screen y(69.05)
set xrange [-0.5:4.5]
set yrange [3.5:-0.5]
set border 15 lw 0.5 lc rgb '#808080'
set palette defined (0 '#440154', 0.125 '#472d7b', 0.25 '#3b528b', 0.375 '#2c728e', 0.5 '#21918c', 0.625 '#28ae80', 0.75 '#5ec962', 0.875 '#addc30', 1 '#fde725')
set cbrange [25:87.1]
position(v) = v <= 25 ? 0 : v >= 87.1 ? 1 : (v - 25) / (1.0 * 87.1 - 25)
ink(p) = ((p >= 0 && p < 0.434)) ? 0xffffff : 0x000000
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'cells:' using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid border rgb '#ffffff' linewidth 0.5 linecolor palette, \
  data index 'cells:' using 1:($2 + -0.169333):(stringcolumn(8)):(ink(position($3))) with labels font ',7' textcolor rgb variable noenhanced, \
  data index 'cells:' using 1:($2 + 0.0141111):(stringcolumn(9)):(ink(position($3))) with labels font ',6' textcolor rgb variable noenhanced, \
  data index 'cells:' using 1:($2 + 0.183444):(stringcolumn(10)):(ink(position($3))) with labels font ',6' textcolor rgb variable noenhanced, \
  data index 'missing:' using 1:2:(0.5):(0.5) with boxxyerror fillstyle pattern 4 border rgb '#b0b0b0' linecolor rgb '#b0b0b0' linewidth 0.5, \
  data index 'missing:' using 1:2:('–') with labels font ',7' textcolor rgb '#000000' noenhanced
unset label; unset arrow; unset object
unset output
