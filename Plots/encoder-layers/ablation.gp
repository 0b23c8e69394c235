# Draws ablation (pdf svg png) from the numbers in ablation.dat.
# By Valence: 30fe551a84296ec5
# To redraw: gnuplot ablation.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'ablation.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,8.55cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,323 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,1010 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'ablation.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'ablation.dat'
W = 85.0
H = 85.5
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold Which layer of Whisper base tells emotions apart?}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by variant' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(10.32) point pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'ravdess (N = 672, 24 speakers)' at screen x(4), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(37.34), screen y(10.32) point pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00'
set label 'emodb (N = 339, 10 speakers)' at screen x(39.09), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(12.86) point pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#000000'
set label 'chosen by validation' at screen x(4), screen y(12.86) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(26.18), screen y(12.86) to screen x(31.38), screen y(12.86) nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set label 'chance 25.0 %' at screen x(32.38), screen y(12.86) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'layer=0' at screen x(15.79), screen y(17.43) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'layer=1' at screen x(15.79), screen y(22.03) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'layer=2' at screen x(15.79), screen y(26.63) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'layer=3' at screen x(15.79), screen y(31.23) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'layer=4' at screen x(15.79), screen y(35.83) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'layer=5' at screen x(15.79), screen y(40.43) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'layer=6' at screen x(15.79), screen y(45.03) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'layer=last' at screen x(15.79), screen y(49.63) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'layer=mean' at screen x(15.79), screen y(54.23) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'layer=weighted' at screen x(15.79), screen y(58.83) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(49.25), screen y(66.01) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Dots: mean; bars: 95 % interval over test speakers; n = 5 networks each.' at screen x(1.5), screen y(69.96) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(72.5) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(75.04) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each speaker, unlabeled test speech included.' at screen x(1.5), screen y(77.58) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Frozen encoder whisper-base (whisper-6x512-4f8fa97c2517bc1f); what it has heard is' at screen x(1.5), screen y(80.12) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'not stated.' at screen x(1.5), screen y(82.66) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(16.99)
set rmargin at screen x(81.5)
set tmargin at screen y(15.13)
set bmargin at screen y(61.13)
set xrange [21.3054:100]
set yrange [10.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
do for [i = 2:10:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from 25, graph 0 to 25, graph 1 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'series1:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'series1:' using 2:1 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'chosen1:' using 2:1 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#0072B2', \
  data index 'series2:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#D55E00', \
  data index 'series2:' using 2:1 with points pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00', \
  data index 'chosen2:' using 2:1 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#D55E00'
unset label; unset arrow; unset object
unset output
