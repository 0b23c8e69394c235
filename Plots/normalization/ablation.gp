# Draws ablation (pdf svg png) from the numbers in ablation.dat.
# By Valence: ee7abfc1029d92fe
# To redraw: gnuplot ablation.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'ablation.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,12.83cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,485 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,1515 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'ablation.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'ablation.dat'
W = 85.0
H = 128.3
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold By whose statistics should features be normalized?}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by variant' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(10.32) point pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'ravdess (N = 672, 24 speakers)' at screen x(4), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(37.34), screen y(10.32) point pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00'
set label 'ravdess → emovo (N = 336, 6 speakers)' at screen x(39.09), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(12.86) point pointtype 9 pointsize 0.35 * dot linecolor rgb '#009E73'
set label 'ravdess → emodb (N = 339, 10 speakers)' at screen x(4), screen y(12.86) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(15.4) point pointtype 13 pointsize 0.35 * dot linecolor rgb '#CC79A7'
set label 'emovo → ravdess (N = 672, 24 speakers)' at screen x(4), screen y(15.4) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(46.98), screen y(15.4) point pointtype 11 pointsize 0.35 * dot linecolor rgb '#E69F00'
set label 'emovo (N = 336, 6 speakers)' at screen x(48.73), screen y(15.4) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(17.94) point pointtype 15 pointsize 0.35 * dot linecolor rgb '#56B4E9'
set label 'emovo → emodb (N = 339, 10 speakers)' at screen x(4), screen y(17.94) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(20.48) point pointtype 6 pointsize 0.35 * dot linecolor rgb '#000000'
set label 'emodb → ravdess (N = 672, 24 speakers)' at screen x(4), screen y(20.48) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(23.02) point pointtype 4 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'emodb → emovo (N = 336, 6 speakers)' at screen x(4), screen y(23.02) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(44.87), screen y(23.02) point pointtype 8 pointsize 0.35 * dot linecolor rgb '#D55E00'
set label 'emodb (N = 339, 10 speakers)' at screen x(46.62), screen y(23.02) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(25.56) point pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#000000'
set label 'chosen by validation' at screen x(4), screen y(25.56) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(26.18), screen y(25.56) to screen x(31.38), screen y(25.56) nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set label 'chance 25.0 %' at screen x(32.38), screen y(25.56) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'normalization=none' at screen x(22.85), screen y(36.08) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'normalization=train' at screen x(22.85), screen y(52.58) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'normalization=corpus' at screen x(22.85), screen y(69.08) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'normalization=speaker' at screen x(22.85), screen y(85.58) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(52.78), screen y(98.71) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Dots: mean; bars: 95 % interval over test speakers; n = 2 networks each.' at screen x(1.5), screen y(102.66) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Approximate (ravdess → emodb of normalization=none): with few or unequal speakers,' at screen x(1.5), screen y(105.2) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'or near 0 or 100 %, such an interval may cover the true value in less than 90 % of' at screen x(1.5), screen y(107.74) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'cases (by simulation).' at screen x(1.5), screen y(110.28) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(112.82) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(115.36) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each corpus, unlabeled test speech included' at screen x(1.5), screen y(117.9) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '(normalization=corpus).' at screen x(1.5), screen y(120.44) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each speaker, unlabeled test speech included' at screen x(1.5), screen y(122.98) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '(normalization=speaker).' at screen x(1.5), screen y(125.52) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(24.05)
set rmargin at screen x(81.5)
set tmargin at screen y(27.83)
set bmargin at screen y(93.83)
set xrange [8.90509:95.7233]
set yrange [4.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
do for [i = 2:4:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
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
  data index 'chosen4:' using 2:1 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#CC79A7', \
  data index 'series5:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#E69F00', \
  data index 'series5:' using 2:1 with points pointtype 11 pointsize 0.35 * dot linecolor rgb '#E69F00', \
  data index 'chosen5:' using 2:1 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#E69F00', \
  data index 'series6:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#56B4E9', \
  data index 'series6:' using 2:1 with points pointtype 15 pointsize 0.35 * dot linecolor rgb '#56B4E9', \
  data index 'chosen6:' using 2:1 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#56B4E9', \
  data index 'series7:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#000000', \
  data index 'series7:' using 2:1 with points pointtype 6 pointsize 0.35 * dot linecolor rgb '#000000', \
  data index 'chosen7:' using 2:1 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#000000', \
  data index 'series8:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'series8:' using 2:1 with points pointtype 4 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'chosen8:' using 2:1 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#0072B2', \
  data index 'series9:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#D55E00', \
  data index 'series9:' using 2:1 with points pointtype 8 pointsize 0.35 * dot linecolor rgb '#D55E00', \
  data index 'chosen9:' using 2:1 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#D55E00'
unset label; unset arrow; unset object
unset output
