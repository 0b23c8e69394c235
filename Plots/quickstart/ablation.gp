# Draws ablation (pdf svg png) from the numbers in ablation.dat.
# By Valence: c61502e28d3b845b
# To redraw: gnuplot ablation.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'ablation.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,5.55cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,210 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,656 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'ablation.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'ablation.dat'
W = 85.0
H = 55.5
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold Log-mel alone or with MFCC, on synthetic speech}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by variant' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(10.32) point pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'synthetic-en (N = 256, 8 speakers)' at screen x(4), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(12.86) point pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00'
set label 'synthetic-en → synthetic-de (N = 256, 8 speakers)' at screen x(4), screen y(12.86) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(15.4) point pointtype 9 pointsize 0.35 * dot linecolor rgb '#009E73'
set label 'synthetic-de → synthetic-en (N = 256, 8 speakers)' at screen x(4), screen y(15.4) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(17.94) point pointtype 13 pointsize 0.35 * dot linecolor rgb '#CC79A7'
set label 'synthetic-de (N = 256, 8 speakers)' at screen x(4), screen y(17.94) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(40.16), screen y(17.94) point pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#000000'
set label 'chosen by validation' at screen x(41.91), screen y(17.94) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(1.5), screen y(20.48) to screen x(6.7), screen y(20.48) nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set label 'chance 25.0 %' at screen x(7.7), screen y(20.48) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'fusion=mel' at screen x(14.62), screen y(26.75) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'fusion=concat' at screen x(14.62), screen y(34.75) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(48.66), screen y(43.63) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Dots: mean; bars: 95 % interval over test speakers; n = 3 networks each.' at screen x(1.5), screen y(47.58) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'The speech in this folder is synthetic: eSpeak NG 1.51 spoke it for make-synthetic-' at screen x(1.5), screen y(50.12) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'speech.sh (script 67a700eeea7e, seed 1), and no person was recorded.' at screen x(1.5), screen y(52.66) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(15.82)
set rmargin at screen x(81.5)
set tmargin at screen y(22.75)
set bmargin at screen y(38.75)
set xrange [22.5363:76.7372]
set yrange [2.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
do for [i = 2:2:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from 25, graph 0 to 25, graph 1 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-9) with dots, \
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
