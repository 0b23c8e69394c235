# Draws ablation (pdf svg png) from the numbers in ablation.dat.
# By Valence: 3255e955813f0056
# To redraw: gnuplot ablation.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'ablation.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,6.36cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,240 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,751 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'ablation.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'ablation.dat'
W = 85.0
H = 63.6
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold LSTM, GRU, transformer or none behind the convolutions?}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by variant' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(10.32) point pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'ravdess' at screen x(4), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(15.16), screen y(10.32) point pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#000000'
set label 'chosen by validation' at screen x(16.91), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(39.09), screen y(10.32) to screen x(44.29), screen y(10.32) nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set label 'chance 12.5 %' at screen x(45.29), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'lstm' at screen x(17.38), screen y(14.39) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'gru' at screen x(17.38), screen y(17.99) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'transformer' at screen x(17.38), screen y(21.59) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'none' at screen x(17.38), screen y(25.19) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline majority' at screen x(17.38), screen y(28.79) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline svm' at screen x(17.38), screen y(32.39) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(50.04), screen y(39.07) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Dots: mean; bars: 95 % interval over test speakers, and seeds where there are several;' at screen x(1.5), screen y(43.02) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'n = 6 to 18 models.' at screen x(1.5), screen y(45.56) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Approximate (ravdess of baseline majority): with few or unequal speakers, or near 0 or' at screen x(1.5), screen y(48.1) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '100 %, such an interval may cover the true value in less than 90 % of cases (by' at screen x(1.5), screen y(50.64) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'simulation).' at screen x(1.5), screen y(53.18) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(55.72) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(58.26) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each speaker, unlabeled test speech included.' at screen x(1.5), screen y(60.8) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(18.58)
set rmargin at screen x(81.5)
set tmargin at screen y(12.59)
set bmargin at screen y(34.19)
set xrange [9.24676:78.4055]
set yrange [6.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
do for [i = 2:6:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from graph 0, first 4.5 to graph 1, first 4.5 nohead linewidth 0.75 linecolor rgb '#808080'
set arrow from 12.5, graph 0 to 12.5, graph 1 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'series1:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'series1:' using 2:1 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'chosen1:' using 2:1 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#0072B2'
unset label; unset arrow; unset object
unset output
