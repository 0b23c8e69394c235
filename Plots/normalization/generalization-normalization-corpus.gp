# Draws generalization-normalization-corpus (pdf svg png) from the numbers in generalization-normalization-corpus.dat.
# By Valence: 0c09e9ed899441ce
# To redraw: gnuplot generalization-normalization-corpus.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'generalization-normalization-corpus.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,9.38cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,355 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,1108 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'generalization-normalization-corpus.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'generalization-normalization-corpus.dat'
W = 85.0
H = 93.8
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold Trained on one corpus, tested on each · normalization=}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label '{/:Bold corpus}' at screen x(1.5), screen y(6.58) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by training and test corpus' at screen x(1.5), screen y(9.76) left font ',7' textcolor rgb '#000000' noenhanced front
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
set label '25.0 (chance)' at screen x(26.67), screen y(74.55) left font ',6' textcolor rgb '#000000' noenhanced front
set label '50' at screen x(48.88), screen y(74.55) center font ',6' textcolor rgb '#000000' noenhanced front
set label '60' at screen x(57.76), screen y(74.55) center font ',6' textcolor rgb '#000000' noenhanced front
set label '70' at screen x(66.64), screen y(74.55) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(49.17), screen y(77.09) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Framed: within corpus, held-out folds. Small print: 95 % interval over test speakers.' at screen x(1.5), screen y(80.83) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Each cell: n = 2 networks. Chance 25.0 %.' at screen x(1.5), screen y(83.37) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'All cells: Normalized by statistics of each corpus, unlabeled test speech included.' at screen x(1.5), screen y(85.91) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '† Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(88.45) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(90.99) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
unset tics
set colorbox horizontal user origin screen x(26.67), screen y(72.88) size screen 45 / W, screen 2 / H noborder
set cbtics out scale 0.3 ('' 25, '' 50, '' 60, '' 70)
set lmargin at screen x(26.67)
set rmargin at screen x(71.67)
set tmargin at screen y(12.44)
set bmargin at screen y(57.44)
set xrange [-0.5:2.5]
set yrange [2.5:-0.5]
set border 15 lw 0.5 lc rgb '#808080'
set palette defined (0 '#440154', 0.125 '#472d7b', 0.25 '#3b528b', 0.375 '#2c728e', 0.5 '#21918c', 0.625 '#28ae80', 0.75 '#5ec962', 0.875 '#addc30', 1 '#fde725')
set cbrange [25:75.6634]
position(v) = v <= 25 ? 0 : v >= 75.6634 ? 1 : (v - 25) / (1.0 * 75.6634 - 25)
ink(p) = ((p >= 0 && p < 0.434)) ? 0xffffff : 0x000000
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'cells:' using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid border rgb '#ffffff' linewidth 0.5 linecolor palette, \
  data index 'cells:' using 1:($2 + -0.0846667):(stringcolumn(8)):(ink(position($3))) with labels font ',7' textcolor rgb variable noenhanced, \
  data index 'cells:' using 1:($2 + 0.0987778):(stringcolumn(9)):(ink(position($3))) with labels font ',6' textcolor rgb variable noenhanced, \
  data index 'framed:' using 1:2:(0.46):(0.46) with boxxyerror fillstyle empty linecolor rgb '#000000' linewidth 2
unset label; unset arrow; unset object
unset output
