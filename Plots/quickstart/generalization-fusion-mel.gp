# Draws generalization-fusion-mel (pdf svg png) from the numbers in generalization-fusion-mel.dat.
# By Valence: b6b6dbb766b109c6
# To redraw: gnuplot generalization-fusion-mel.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'generalization-fusion-mel.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,7.29cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,276 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,861 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'generalization-fusion-mel.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'generalization-fusion-mel.dat'
W = 85.0
H = 72.9
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold Trained on one corpus, tested on each · fusion=mel}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by training and test corpus' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'synthetic-en' at screen x(35.51), screen y(16.55) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'synthetic-de' at screen x(35.51), screen y(31.55) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'synthetic-en' at screen x(44.01), screen y(41.33) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'synthetic-de' at screen x(59.01), screen y(41.33) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'N = 256' at screen x(44.01), screen y(44.08) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'N = 256' at screen x(59.01), screen y(44.08) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '8 speakers' at screen x(44.01), screen y(46.62) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '8 speakers' at screen x(59.01), screen y(46.62) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Training corpus' at screen x(20.29), screen y(24.05) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Test corpus (N utterances)' at screen x(51.51), screen y(49.69) center font ',7' textcolor rgb '#000000' noenhanced front
set label '25.0 (chance)' at screen x(36.51), screen y(56.16) left font ',6' textcolor rgb '#000000' noenhanced front
set label '60' at screen x(63.12), screen y(56.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(51.51), screen y(58.7) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Framed: within corpus, held-out folds. Small print: 95 % interval over test speakers. n =' at screen x(1.5), screen y(62.44) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '3 networks a cell. Chance 25.0 %.' at screen x(1.5), screen y(64.98) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'All cells: The speech in this folder is synthetic: eSpeak NG 1.51 spoke it for make-' at screen x(1.5), screen y(67.52) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'synthetic-speech.sh (script 67a700eeea7e, seed 1), and no person was recorded.' at screen x(1.5), screen y(70.06) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
unset tics
set colorbox horizontal user origin screen x(36.51), screen y(54.49) size screen 30 / W, screen 2 / H noborder
set cbtics out scale 0.3 ('' 25, '' 60)
set lmargin at screen x(36.51)
set rmargin at screen x(66.51)
set tmargin at screen y(9.05)
set bmargin at screen y(39.05)
set xrange [-0.5:1.5]
set yrange [1.5:-0.5]
set border 15 lw 0.5 lc rgb '#808080'
set palette defined (0 '#440154', 0.125 '#472d7b', 0.25 '#3b528b', 0.375 '#2c728e', 0.5 '#21918c', 0.625 '#28ae80', 0.75 '#5ec962', 0.875 '#addc30', 1 '#fde725')
set cbrange [25:64.4531]
position(v) = v <= 25 ? 0 : v >= 64.4531 ? 1 : (v - 25) / (1.0 * 64.4531 - 25)
ink(p) = ((p >= 0 && p < 0.434)) ? 0xffffff : 0x000000
plot '+' every ::0::0 using (-9):(-9) with dots, \
  data index 'cells:' using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid border rgb '#ffffff' linewidth 0.5 linecolor palette, \
  data index 'cells:' using 1:($2 + -0.0846667):(stringcolumn(8)):(ink(position($3))) with labels font ',7' textcolor rgb variable noenhanced, \
  data index 'cells:' using 1:($2 + 0.0987778):(stringcolumn(9)):(ink(position($3))) with labels font ',6' textcolor rgb variable noenhanced, \
  data index 'framed:' using 1:2:(0.46):(0.46) with boxxyerror fillstyle empty linecolor rgb '#000000' linewidth 2
unset label; unset arrow; unset object
unset output
