# Draws ablation (pdf svg png) from the numbers in ablation.dat.
# By Valence: a5f41ca8f4034990
# To redraw: gnuplot ablation.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'ablation.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,5.28cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,200 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,624 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'ablation.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'ablation.dat'
W = 85.0
H = 52.8
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold What an answer after 1, 2, 3 or 5 seconds is worth}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by variant' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(10.32) point pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'ravdess (N = 672, 24 speakers, 3 seeds)' at screen x(4), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(12.86) point pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00'
set label 'emovo (N = 336, 6 speakers, 3 seeds)' at screen x(4), screen y(12.86) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(43.69), screen y(12.86) point pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#000000'
set label 'chosen by validation' at screen x(45.44), screen y(12.86) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(1.5), screen y(15.4) to screen x(6.7), screen y(15.4) nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set label 'chance 25.0 %' at screen x(7.7), screen y(15.4) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'clip_s=1' at screen x(9.32), screen y(19.97) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'clip_s=2' at screen x(9.32), screen y(24.57) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'clip_s=3' at screen x(9.32), screen y(29.17) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'clip_s=5' at screen x(9.32), screen y(33.77) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(46.01), screen y(40.95) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Dots: mean; bars: 95 % interval over test speakers and seeds; n = 18 networks each.' at screen x(1.5), screen y(44.9) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(47.44) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(49.98) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(10.52)
set rmargin at screen x(81.5)
set tmargin at screen y(17.67)
set bmargin at screen y(36.07)
set xrange [22.9752:67.5213]
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
  data index 'chosen2:' using 2:1 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#D55E00'
unset label; unset arrow; unset object
unset output
