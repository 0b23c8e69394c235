# Draws confusion-emovo-kernel-ridge (pdf svg png) from the numbers in confusion-emovo-kernel-ridge.dat.
# By Valence: 494d0ac3cebd5aba
# To redraw: gnuplot confusion-emovo-kernel-ridge.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'confusion-emovo-kernel-ridge.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,10.35cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,391 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,1222 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'confusion-emovo-kernel-ridge.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'confusion-emovo-kernel-ridge.dat'
W = 85.0
H = 103.5
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold emovo · kernel-ridge}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR 46.3 % [34.4–58.5], chance 14.3 %' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'N = 588 utterances' at screen x(1.5), screen y(9.33) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'anger' at screen x(14.4), screen y(15.61) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 84' at screen x(14.4), screen y(18.36) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'disgust' at screen x(14.4), screen y(25.34) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 84' at screen x(14.4), screen y(28.09) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'fear' at screen x(14.4), screen y(35.07) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 84' at screen x(14.4), screen y(37.82) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'joy' at screen x(14.4), screen y(44.8) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 84' at screen x(14.4), screen y(47.55) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'neutral' at screen x(14.4), screen y(54.52) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 84' at screen x(14.4), screen y(57.28) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'sadness' at screen x(14.4), screen y(64.25) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 84' at screen x(14.4), screen y(67.01) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'surprise' at screen x(14.4), screen y(73.98) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 84' at screen x(14.4), screen y(76.73) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'anger' at screen x(20.26), screen y(81.96) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'disgust' at screen x(29.99), screen y(81.96) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'fear' at screen x(39.72), screen y(81.96) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'joy' at screen x(49.45), screen y(81.96) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'neutral' at screen x(59.18), screen y(81.96) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'sadness' at screen x(68.91), screen y(81.96) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'surprise' at screen x(78.64), screen y(81.96) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'True class' at screen x(3.3), screen y(46.07) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Predicted class' at screen x(49.45), screen y(91.32) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Cells: % of the true class (row), number of predictions. In brackets: 95 % interval over 6' at screen x(1.5), screen y(95.59) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'speakers.' at screen x(1.5), screen y(98.13) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each speaker, unlabeled test speech included.' at screen x(1.5), screen y(100.67) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
unset tics
set lmargin at screen x(15.4)
set rmargin at screen x(83.5)
set tmargin at screen y(12.01)
set bmargin at screen y(80.12)
set xrange [-0.5:6.5]
set yrange [6.5:-0.5]
set border 15 lw 0.5 lc rgb '#808080'
set palette defined (0 '#440154', 0.125 '#472d7b', 0.25 '#3b528b', 0.375 '#2c728e', 0.5 '#21918c', 0.625 '#28ae80', 0.75 '#5ec962', 0.875 '#addc30', 1 '#fde725')
set cbrange [0:100]
position(v) = v <= 0 ? 0 : v >= 100 ? 1 : (v - 0) / (1.0 * 100 - 0)
ink(p) = ((p >= 0 && p < 0.434)) ? 0xffffff : 0x000000
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'cells:' using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid border rgb '#ffffff' linewidth 0.5 linecolor palette, \
  data index 'cells:' using 1:($2 + -0.130536):(stringcolumn(5)):(ink(position($3))) with labels font ',7' textcolor rgb variable noenhanced, \
  data index 'cells:' using 1:($2 + 0.152292):(sprintf('%d', $4)):(ink(position($3))) with labels font ',6' textcolor rgb variable noenhanced
unset label; unset arrow; unset object
unset output
