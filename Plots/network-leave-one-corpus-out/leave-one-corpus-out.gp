# Draws leave-one-corpus-out (pdf svg png) from the numbers in leave-one-corpus-out.dat.
# By Valence: 87c864a41851803e
# To redraw: gnuplot leave-one-corpus-out.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'leave-one-corpus-out.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,12.03cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,455 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,1421 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'leave-one-corpus-out.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'leave-one-corpus-out.dat'
W = 85.0
H = 120.3
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold What three corpora teach a network about a fourth}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR on each corpus, trained on all others' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'plain' at screen x(23.73), screen y(14.93) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'balanced' at screen x(23.73), screen y(26.68) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'gradient-reversal' at screen x(23.73), screen y(38.44) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'ravdess (N = 672, 24 speakers, 3 seeds)' at screen x(30.6), screen y(45.11) right rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'emovo (N = 336, 6 speakers, 3 seeds)' at screen x(42.36), screen y(45.11) right rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'urdu (N = 400, 29 speakers, 3 seeds)' at screen x(54.11), screen y(45.11) right rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'emodb (N = 339, 10 speakers, 3 seeds)' at screen x(65.87), screen y(45.11) right rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'mean (N = 1747)' at screen x(77.62), screen y(45.11) right rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Method' at screen x(3.3), screen y(26.68) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Held-out corpus (N utterances)' at screen x(54.11), screen y(92.05) center font ',7' textcolor rgb '#000000' noenhanced front
set label '25.0 (chance)' at screen x(24.73), screen y(98.52) left font ',6' textcolor rgb '#000000' noenhanced front
set label '40' at screen x(47.82), screen y(98.52) center font ',6' textcolor rgb '#000000' noenhanced front
set label '50' at screen x(63.21), screen y(98.52) center font ',6' textcolor rgb '#000000' noenhanced front
set label '60' at screen x(78.61), screen y(98.52) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(54.11), screen y(101.06) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Small print: 95 % interval over test speakers and seeds. Each cell: n = 3 networks.' at screen x(1.5), screen y(104.8) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Chance 25.0 %.' at screen x(1.5), screen y(107.34) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Mean: of the corpora, each counted once.' at screen x(1.5), screen y(109.88) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(112.42) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(114.96) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each corpus, unlabeled test speech included.' at screen x(1.5), screen y(117.5) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
unset tics
set colorbox horizontal user origin screen x(24.73), screen y(96.85) size screen 58.77 / W, screen 2 / H noborder
set cbtics out scale 0.3 ('' 25, '' 40, '' 50, '' 60)
set lmargin at screen x(24.73)
set rmargin at screen x(83.5)
set tmargin at screen y(9.05)
set bmargin at screen y(44.31)
set xrange [-0.5:4.5]
set yrange [2.5:-0.5]
set border 15 lw 0.5 lc rgb '#808080'
set palette defined (0 '#440154', 0.125 '#472d7b', 0.25 '#3b528b', 0.375 '#2c728e', 0.5 '#21918c', 0.625 '#28ae80', 0.75 '#5ec962', 0.875 '#addc30', 1 '#fde725')
set cbrange [25:63.1785]
position(v) = v <= 25 ? 0 : v >= 63.1785 ? 1 : (v - 25) / (1.0 * 63.1785 - 25)
ink(p) = ((p >= 0 && p < 0.434)) ? 0xffffff : 0x000000
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'cells:' using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid border rgb '#ffffff' linewidth 0.5 linecolor palette, \
  data index 'cells:' using 1:($2 + -0.108041):(stringcolumn(8)):(ink(position($3))) with labels font ',7' textcolor rgb variable noenhanced, \
  data index 'cells:' using 1:($2 + 0.126047):(stringcolumn(9)):(ink(position($3))) with labels font ',6' textcolor rgb variable noenhanced
unset label; unset arrow; unset object
unset output
