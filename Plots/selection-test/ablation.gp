# Draws ablation (pdf svg png) from the numbers in ablation.dat.
# By Valence: 770155b1704f7cd4
# To redraw: gnuplot ablation.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'ablation.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,8.16cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,308 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,964 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'ablation.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'ablation.dat'
W = 85.0
H = 81.6
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold The last epoch''s weights, or those of the best epoch?}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by variant' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(10.32) point pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'ravdess' at screen x(4), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(15.16), screen y(10.32) point pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00'
set label 'emovo' at screen x(16.91), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(27.01), screen y(10.32) point pointtype 9 pointsize 0.35 * dot linecolor rgb '#009E73'
set label 'emodb' at screen x(28.76), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(38.98), screen y(10.32) point pointtype 13 pointsize 0.35 * dot linecolor rgb '#CC79A7'
set label 'urdu' at screen x(40.73), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(48.72), screen y(10.32) point pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#000000'
set label 'chosen by validation' at screen x(50.47), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(1.5), screen y(12.86) to screen x(6.7), screen y(12.86) nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set label 'chance 25.0 %' at screen x(7.7), screen y(12.86) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'best-epoch' at screen x(17.38), screen y(19.13) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'last' at screen x(17.38), screen y(27.13) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline majority' at screen x(17.38), screen y(35.13) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline svm' at screen x(17.38), screen y(43.13) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(50.04), screen y(52.01) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Dots: mean; bars: 95 % interval over test speakers, and seeds where there are several;' at screen x(1.5), screen y(55.96) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'n = 4 to 20 models.' at screen x(1.5), screen y(58.5) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Approximate (ravdess of baseline majority, emovo of baseline majority, emodb of' at screen x(1.5), screen y(61.04) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'baseline majority, urdu of baseline majority): with few or unequal speakers, or near 0 or' at screen x(1.5), screen y(63.58) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '100 %, such an interval may cover the true value in less than 90 % of cases (by' at screen x(1.5), screen y(66.12) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'simulation).' at screen x(1.5), screen y(68.66) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(71.2) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(73.74) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus urdu: in 4 of 4 folds the validation set lacks a class (fold 1: sad) and is scored' at screen x(1.5), screen y(76.28) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'over those that it has.' at screen x(1.5), screen y(78.82) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(18.58)
set rmargin at screen x(81.5)
set tmargin at screen y(15.13)
set bmargin at screen y(47.13)
set xrange [0:94.3982]
set yrange [4.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
do for [i = 2:4:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from graph 0, first 2.5 to graph 1, first 2.5 nohead linewidth 0.75 linecolor rgb '#808080'
set arrow from 25, graph 0 to 25, graph 1 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'series1:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'series1:' using 2:1 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'chosen1:' using 2:1 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#0072B2', \
  data index 'series2:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#D55E00', \
  data index 'series2:' using 2:1 with points pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00', \
  data index 'chosen2:' using 2:1 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#D55E00', \
  data index 'series3:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#009E73', \
  data index 'series3:' using 2:1 with points pointtype 9 pointsize 0.35 * dot linecolor rgb '#009E73', \
  data index 'chosen3:' using 2:1 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#009E73', \
  data index 'series4:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#CC79A7', \
  data index 'series4:' using 2:1 with points pointtype 13 pointsize 0.35 * dot linecolor rgb '#CC79A7', \
  data index 'chosen4:' using 2:1 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#CC79A7'
unset label; unset arrow; unset object
unset output
