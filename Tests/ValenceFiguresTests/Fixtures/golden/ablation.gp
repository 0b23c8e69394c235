# Draws ablation (pdf svg png) from the numbers in ablation.dat.
# By Valence: a41de330fb12ff63
# To redraw: gnuplot ablation.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'ablation.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,4.57cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,173 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,540 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'ablation.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'ablation.dat'
W = 85.0
H = 45.7
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold Which fusion?}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by variant' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(10.32) point pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'ravdess (N = 672, 24 speakers, chance 25.0 %)' at screen x(4), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(12.86) point pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00'
set label 'ravdess → emovo (N = 336, 6 speakers, chance 33.3 %)' at screen x(4), screen y(12.86) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(60.98), screen y(12.86) point pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#000000'
set label 'chosen by validation' at screen x(62.73), screen y(12.86) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(1.5), screen y(15.4) to screen x(6.7), screen y(15.4) nohead linewidth 1.5 dashtype 1 linecolor rgb '#4d4d4d'
set label 'chance' at screen x(7.7), screen y(15.4) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'mel' at screen x(7.74), screen y(19.97) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'mfcc' at screen x(7.74), screen y(24.57) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'concat' at screen x(7.74), screen y(29.17) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(45.22), screen y(36.35) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Dots: mean; bars: 95 % interval over test speakers; n = 15 networks each. No bar: no' at screen x(1.5), screen y(40.3) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'interval. Dash: no result.' at screen x(1.5), screen y(42.84) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(8.94)
set rmargin at screen x(81.5)
set tmargin at screen y(17.67)
set bmargin at screen y(31.47)
set xrange [23.35:59.65]
set yrange [3.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
do for [i = 2:3:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'series1:' using 6:($1 - 0.18):(0):(2 * 0.18) with vectors nohead linewidth 1.5 dashtype 1 linecolor rgb '#4d4d4d', \
  data index 'series1:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'series1:' using 2:1 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'chosen1:' using 2:1 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#0072B2', \
  data index 'series2:' using 6:($1 - 0.18):(0):(2 * 0.18) with vectors nohead linewidth 1.5 dashtype 1 linecolor rgb '#4d4d4d', \
  data index 'series2:' using 2:($3 < $4 ? $1 : NaN):3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#D55E00', \
  data index 'series2:' using 2:1 with points pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00', \
  data index 'chosen2:' using 2:1 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#D55E00', \
  data index 'missing2:' using (24.076):1:('–') with labels font ',6' textcolor rgb '#D55E00' noenhanced
unset label; unset arrow; unset object
unset output
