# Draws confusion-ravdess-clip_s-1 (pdf svg png) from the numbers in confusion-ravdess-clip_s-1.dat.
# By Valence: fb859693d910effb
# To redraw: gnuplot confusion-ravdess-clip_s-1.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'confusion-ravdess-clip_s-1.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,9.23cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,349 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,1090 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'confusion-ravdess-clip_s-1.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'confusion-ravdess-clip_s-1.dat'
W = 85.0
H = 92.3
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold ravdess · clip\_s=1}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR 57.7 % [53.1–62.1], chance 25.0 %' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'N = 2016 predictions of 672 utterances' at screen x(1.5), screen y(9.33) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'angry' at screen x(17.62), screen y(18.24) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 576' at screen x(17.62), screen y(20.99) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'happy' at screen x(17.62), screen y(33.24) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 576' at screen x(17.62), screen y(36) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'neutral' at screen x(17.62), screen y(48.24) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 288' at screen x(17.62), screen y(51) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'sad' at screen x(17.62), screen y(63.24) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'n = 576' at screen x(17.62), screen y(66) right font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'angry' at screen x(26.12), screen y(74.3) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'happy' at screen x(41.12), screen y(74.3) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'neutral' at screen x(56.12), screen y(74.3) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'sad' at screen x(71.12), screen y(74.3) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'True class' at screen x(8.18), screen y(42.01) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Predicted class' at screen x(48.62), screen y(77.58) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Cells: % of the true class (row), number of predictions. In brackets: 95 % interval over' at screen x(1.5), screen y(81.85) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '24 speakers, 3 seeds.' at screen x(1.5), screen y(84.39) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(86.93) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(89.47) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
unset tics
set lmargin at screen x(18.62)
set rmargin at screen x(78.62)
set tmargin at screen y(12.01)
set bmargin at screen y(72.01)
set xrange [-0.5:3.5]
set yrange [3.5:-0.5]
set border 15 lw 0.5 lc rgb '#808080'
set palette defined (0 '#440154', 0.125 '#472d7b', 0.25 '#3b528b', 0.375 '#2c728e', 0.5 '#21918c', 0.625 '#28ae80', 0.75 '#5ec962', 0.875 '#addc30', 1 '#fde725')
set cbrange [0:100]
position(v) = v <= 0 ? 0 : v >= 100 ? 1 : (v - 0) / (1.0 * 100 - 0)
ink(p) = ((p >= 0 && p < 0.434)) ? 0xffffff : 0x000000
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'cells:' using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid border rgb '#ffffff' linewidth 0.5 linecolor palette, \
  data index 'cells:' using 1:($2 + -0.0846667):(stringcolumn(5)):(ink(position($3))) with labels font ',7' textcolor rgb variable noenhanced, \
  data index 'cells:' using 1:($2 + 0.0987778):(sprintf('%d', $4)):(ink(position($3))) with labels font ',6' textcolor rgb variable noenhanced
unset label; unset arrow; unset object
unset output
