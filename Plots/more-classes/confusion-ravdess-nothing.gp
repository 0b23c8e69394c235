# Draws confusion-ravdess-nothing (pdf svg png) from the numbers in confusion-ravdess-nothing.dat.
# By Valence: 88cfbcc65fd8806b
# To redraw: gnuplot confusion-ravdess-nothing.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'confusion-ravdess-nothing.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,11.32cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,428 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,1337 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'confusion-ravdess-nothing.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'confusion-ravdess-nothing.dat'
W = 85.0
H = 113.2
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold ravdess · nothing}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR 36.0 % [26.5–46.8], chance 16.7 %' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'N = 792 predictions of 264 utterances' at screen x(1.5), screen y(9.33) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'angry' at screen x(15.77), screen y(16.3) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 144' at screen x(15.77), screen y(19.06) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'happy' at screen x(15.77), screen y(27.43) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 144' at screen x(15.77), screen y(30.18) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'neutral' at screen x(15.77), screen y(38.55) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 72' at screen x(15.77), screen y(41.3) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'sad' at screen x(15.77), screen y(49.67) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 144' at screen x(15.77), screen y(52.42) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'afraid' at screen x(15.77), screen y(60.79) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 144' at screen x(15.77), screen y(63.54) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'disgusted' at screen x(15.77), screen y(71.91) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 144' at screen x(15.77), screen y(74.66) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'angry' at screen x(22.33), screen y(80.59) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'happy' at screen x(33.45), screen y(80.59) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'neutral' at screen x(44.57), screen y(80.59) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'sad' at screen x(55.7), screen y(80.59) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'afraid' at screen x(66.82), screen y(80.59) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'disgusted' at screen x(77.94), screen y(80.59) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'True class' at screen x(3.3), screen y(45.38) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Predicted class' at screen x(50.13), screen y(90.91) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Cells: % of the true class (row), number of predictions. In brackets: 95 % interval over 6' at screen x(1.5), screen y(95.18) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'speakers, 3 seeds.' at screen x(1.5), screen y(97.72) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '528 utterances of ravdess are left out, as the folds of few.csv do not list them (03-01-' at screen x(1.5), screen y(100.26) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-01-01-01-03.flac, …).' at screen x(1.5), screen y(102.8) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(105.34) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(107.88) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each speaker, unlabeled test speech included.' at screen x(1.5), screen y(110.42) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
unset tics
set lmargin at screen x(16.77)
set rmargin at screen x(83.5)
set tmargin at screen y(12.01)
set bmargin at screen y(78.74)
set xrange [-0.5:5.5]
set yrange [5.5:-0.5]
set border 15 lw 0.5 lc rgb '#808080'
set palette defined (0 '#440154', 0.125 '#472d7b', 0.25 '#3b528b', 0.375 '#2c728e', 0.5 '#21918c', 0.625 '#28ae80', 0.75 '#5ec962', 0.875 '#addc30', 1 '#fde725')
set cbrange [0:100]
position(v) = v <= 0 ? 0 : v >= 100 ? 1 : (v - 0) / (1.0 * 100 - 0)
ink(p) = ((p >= 0 && p < 0.434)) ? 0xffffff : 0x000000
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'cells:' using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid border rgb '#ffffff' linewidth 0.5 linecolor palette, \
  data index 'cells:' using 1:($2 + -0.11419):(stringcolumn(5)):(ink(position($3))) with labels font ',7' textcolor rgb variable noenhanced, \
  data index 'cells:' using 1:($2 + 0.133222):(sprintf('%d', $4)):(ink(position($3))) with labels font ',6' textcolor rgb variable noenhanced
unset label; unset arrow; unset object
unset output
