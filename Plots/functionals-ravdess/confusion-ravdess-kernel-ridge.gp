# Draws confusion-ravdess-kernel-ridge (pdf svg png) from the numbers in confusion-ravdess-kernel-ridge.dat.
# By Valence: 7274c8d4d3d8cdba
# To redraw: gnuplot confusion-ravdess-kernel-ridge.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'confusion-ravdess-kernel-ridge.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,10.83cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,409 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,1279 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'confusion-ravdess-kernel-ridge.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'confusion-ravdess-kernel-ridge.dat'
W = 85.0
H = 108.3
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold ravdess · kernel-ridge}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR 73.4 % [69.1–77.2], chance 12.5 %' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'N = 1440 utterances' at screen x(1.5), screen y(9.33) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'angry' at screen x(15.35), screen y(14.94) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 192' at screen x(15.35), screen y(17.69) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'calm' at screen x(15.35), screen y(23.33) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 192' at screen x(15.35), screen y(26.08) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'disgust' at screen x(15.35), screen y(31.73) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 192' at screen x(15.35), screen y(34.48) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'fearful' at screen x(15.35), screen y(40.12) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 192' at screen x(15.35), screen y(42.87) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'happy' at screen x(15.35), screen y(48.51) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 192' at screen x(15.35), screen y(51.26) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'neutral' at screen x(15.35), screen y(56.91) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 96' at screen x(15.35), screen y(59.66) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'sad' at screen x(15.35), screen y(65.3) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 192' at screen x(15.35), screen y(68.05) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'surprised' at screen x(15.35), screen y(73.69) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 192' at screen x(15.35), screen y(76.44) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'angry' at screen x(20.55), screen y(81.01) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'calm' at screen x(28.94), screen y(81.01) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'disgust' at screen x(37.34), screen y(81.01) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'fearful' at screen x(45.73), screen y(81.01) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'happy' at screen x(54.12), screen y(81.01) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'neutral' at screen x(62.52), screen y(81.01) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'sad' at screen x(70.91), screen y(81.01) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'surprised' at screen x(79.3), screen y(81.01) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'True class' at screen x(3.3), screen y(45.59) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Predicted class' at screen x(49.93), screen y(91.03) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Cells: % of the true class (row), number of predictions. In brackets: 95 % interval over' at screen x(1.5), screen y(95.3) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '24 speakers.' at screen x(1.5), screen y(97.84) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(100.38) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(102.92) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each speaker, unlabeled test speech included.' at screen x(1.5), screen y(105.46) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
unset tics
set lmargin at screen x(16.35)
set rmargin at screen x(83.5)
set tmargin at screen y(12.01)
set bmargin at screen y(79.16)
set xrange [-0.5:7.5]
set yrange [7.5:-0.5]
set border 15 lw 0.5 lc rgb '#808080'
set palette defined (0 '#440154', 0.125 '#472d7b', 0.25 '#3b528b', 0.375 '#2c728e', 0.5 '#21918c', 0.625 '#28ae80', 0.75 '#5ec962', 0.875 '#addc30', 1 '#fde725')
set cbrange [0:100]
position(v) = v <= 0 ? 0 : v >= 100 ? 1 : (v - 0) / (1.0 * 100 - 0)
ink(p) = ((p >= 0 && p < 0.434)) ? 0xffffff : 0x000000
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'cells:' using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid border rgb '#ffffff' linewidth 0.5 linecolor palette, \
  data index 'cells:' using 1:($2 + -0.151313):(stringcolumn(5)):(ink(position($3))) with labels font ',7' textcolor rgb variable noenhanced, \
  data index 'cells:' using 1:($2 + 0.176532):(sprintf('%d', $4)):(ink(position($3))) with labels font ',6' textcolor rgb variable noenhanced
unset label; unset arrow; unset object
unset output
