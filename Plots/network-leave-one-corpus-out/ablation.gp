# Draws ablation (pdf svg png) from the numbers in ablation.dat.
# By Valence: a2c3c5f38475f6c9
# To redraw: gnuplot ablation.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'ablation.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,8.71cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,329 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,1029 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'ablation.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'ablation.dat'
W = 85.0
H = 87.1
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold What three corpora teach a network about a fourth}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by variant' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(10.32) point pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'rest → ravdess' at screen x(4), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(21.98), screen y(10.32) point pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00'
set label 'rest → emovo' at screen x(23.73), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(40.66), screen y(10.32) point pointtype 9 pointsize 0.35 * dot linecolor rgb '#009E73'
set label 'rest → urdu' at screen x(42.41), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(57.21), screen y(10.32) point pointtype 13 pointsize 0.35 * dot linecolor rgb '#CC79A7'
set label 'rest → emodb' at screen x(58.96), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(1.5), screen y(12.86) to screen x(6.7), screen y(12.86) nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set label 'chance 25.0 %' at screen x(7.7), screen y(12.86) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'plain' at screen x(17.38), screen y(19.13) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'balanced' at screen x(17.38), screen y(27.13) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'gradient-reversal' at screen x(17.38), screen y(35.13) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline majority' at screen x(17.38), screen y(43.13) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline svm' at screen x(17.38), screen y(51.13) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(50.04), screen y(60.01) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Dots: mean; bars: 95 % interval over test speakers, and seeds where there are several;' at screen x(1.5), screen y(63.96) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'n = 1 to 3 models.' at screen x(1.5), screen y(66.5) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Approximate (rest → ravdess of baseline majority, rest → emovo of baseline majority,' at screen x(1.5), screen y(69.04) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'rest → urdu of baseline majority, rest → emodb of baseline majority): with few or' at screen x(1.5), screen y(71.58) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'unequal speakers, or near 0 or 100 %, such an interval may cover the true value in less' at screen x(1.5), screen y(74.12) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'than 90 % of cases (by simulation).' at screen x(1.5), screen y(76.66) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(79.2) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(81.74) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each corpus, unlabeled test speech included.' at screen x(1.5), screen y(84.28) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(18.58)
set rmargin at screen x(81.5)
set tmargin at screen y(15.13)
set bmargin at screen y(55.13)
set xrange [21.7869:77.4469]
set yrange [5.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
do for [i = 2:5:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from graph 0, first 3.5 to graph 1, first 3.5 nohead linewidth 0.75 linecolor rgb '#808080'
set arrow from 25, graph 0 to 25, graph 1 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'series1:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'series1:' using 2:1 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'series2:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#D55E00', \
  data index 'series2:' using 2:1 with points pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00', \
  data index 'series3:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#009E73', \
  data index 'series3:' using 2:1 with points pointtype 9 pointsize 0.35 * dot linecolor rgb '#009E73', \
  data index 'series4:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#CC79A7', \
  data index 'series4:' using 2:1 with points pointtype 13 pointsize 0.35 * dot linecolor rgb '#CC79A7'
unset label; unset arrow; unset object
unset output
