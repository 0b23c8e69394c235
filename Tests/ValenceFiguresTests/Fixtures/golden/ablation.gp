# Draws ablation (pdf svg png) from the numbers in ablation.dat.
# To redraw: gnuplot ablation.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'ablation.gp' }
  exit
}
if (!exists('partial')) { partial = '' }
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,3.8cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,144 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,449 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'ablation.'.format.partial
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'ablation.dat'
W = 85.0
H = 38.0
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold Which fusion?}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by variant' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(10.32) point pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'ravdess' at screen x(4), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(15.16), screen y(10.32) point pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00'
set label 'ravdess → emovo' at screen x(16.91), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(36.97), screen y(10.32) to screen x(42.17), screen y(10.32) nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set label 'chance 25.0 %' at screen x(43.17), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'mel' at screen x(7.74), screen y(14.89) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'mfcc' at screen x(7.74), screen y(19.49) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'concat' at screen x(7.74), screen y(24.09) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(45.22), screen y(31.27) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Dots: mean; bars: ± sd over 5 folds × 3 seeds; n = 15 each. –: no result.' at screen x(1.5), screen y(35.22) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(8.94)
set rmargin at screen x(81.5)
set tmargin at screen y(12.59)
set bmargin at screen y(26.39)
set xrange [23.4:58.6]
set yrange [3.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
do for [i = 2:3:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from 25, graph 0 to 25, graph 1 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-9) with dots, \
  data index 'series1:' using 2:1:3 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'series1:' using 2:1 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'series2:' using 2:1:3 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#D55E00', \
  data index 'series2:' using 2:1 with points pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00', \
  data index 'missing2:' using (24.104):1:('–') with labels font ',6' textcolor rgb '#D55E00' noenhanced
unset label; unset arrow; unset object
unset output
