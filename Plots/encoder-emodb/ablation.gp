# Draws ablation (pdf svg png) from the numbers in ablation.dat.
# By Valence: 495bd6395cc06fda
# To redraw: gnuplot ablation.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'ablation.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,4.41cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,167 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,521 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'ablation.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'ablation.dat'
W = 85.0
H = 44.1
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold EmoDB, four emotions, unseen speakers, a frozen encoder}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by variant' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(10.32) point pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'emodb (N = 339, 10 speakers, 3 seeds)' at screen x(4), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(44.99), screen y(10.32) point pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#000000'
set label 'chosen by validation' at screen x(46.74), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(1.5), screen y(12.86) to screen x(6.7), screen y(12.86) nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set label 'chance 25.0 %' at screen x(7.7), screen y(12.86) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'train-statistics' at screen x(17.85), screen y(16.93) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'speaker-statistics' at screen x(17.85), screen y(20.53) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(50.27), screen y(27.21) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Dots: mean; bars: 95 % interval over test speakers and seeds; n = 30 networks each.' at screen x(1.5), screen y(31.16) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Frozen encoder whisper-base (whisper-6x512-4f8fa97c2517bc1f), layer 2; what it has' at screen x(1.5), screen y(33.7) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'heard is not stated.' at screen x(1.5), screen y(36.24) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each speaker, unlabeled test speech included (speaker-' at screen x(1.5), screen y(38.78) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'statistics).' at screen x(1.5), screen y(41.32) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(19.05)
set rmargin at screen x(81.5)
set tmargin at screen y(15.13)
set bmargin at screen y(22.33)
set xrange [21.2769:100]
set yrange [2.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
do for [i = 2:2:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from 25, graph 0 to 25, graph 1 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'series1:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'series1:' using 2:1 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'chosen1:' using 2:1 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#0072B2'
unset label; unset arrow; unset object
unset output
