# Draws ablation (pdf svg png) from the numbers in ablation.dat.
# By Valence: e0d7d84e4f3dd542
# To redraw: gnuplot ablation.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'ablation.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,5.98cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,226 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,706 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'ablation.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'ablation.dat'
W = 85.0
H = 59.8
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold RAVDESS, functionals beside log-mel in a network, unseen}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label '{/:Bold speakers}' at screen x(1.5), screen y(6.58) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by variant' at screen x(1.5), screen y(9.76) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(13.71) point pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'ravdess' at screen x(4), screen y(13.71) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(14.41), screen y(13.71) to screen x(19.61), screen y(13.71) nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set label 'chance 12.5 %' at screen x(20.61), screen y(13.71) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'network' at screen x(17.38), screen y(17.78) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-ridge' at screen x(17.38), screen y(21.38) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline majority' at screen x(17.38), screen y(24.98) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline svm' at screen x(17.38), screen y(28.58) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(50.04), screen y(35.26) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Dots: mean; bars: 95 % interval over test speakers, and seeds where there are several;' at screen x(1.5), screen y(39.21) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'n = 6 to 18 models.' at screen x(1.5), screen y(41.75) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Approximate (ravdess of baseline majority): with few or unequal speakers, or near 0 or' at screen x(1.5), screen y(44.29) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '100 %, such an interval may cover the true value in less than 90 % of cases (by' at screen x(1.5), screen y(46.83) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'simulation).' at screen x(1.5), screen y(49.37) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(51.91) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(54.45) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each speaker, unlabeled test speech included.' at screen x(1.5), screen y(56.99) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(18.58)
set rmargin at screen x(81.5)
set tmargin at screen y(15.98)
set bmargin at screen y(30.38)
set xrange [9.13977:80.6523]
set yrange [4.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
do for [i = 2:4:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from graph 0, first 2.5 to graph 1, first 2.5 nohead linewidth 0.75 linecolor rgb '#808080'
set arrow from 12.5, graph 0 to 12.5, graph 1 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'series1:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'series1:' using 2:1 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
unset label; unset arrow; unset object
unset output
