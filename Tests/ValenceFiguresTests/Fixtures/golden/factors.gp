# Draws factors (pdf svg png) from the numbers in factors.dat.
# To redraw: gnuplot factors.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'factors.gp' }
  exit
}
if (!exists('partial')) { partial = '' }
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,7.02cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,265 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,829 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'factors.'.format.partial
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'factors.dat'
W = 85.0
H = 70.2
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold Which settings matter?}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'Effect of single settings on UAR' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(10.32) point pointtype 7 pointsize 0.4 * dot linecolor rgb '#0072B2'
set label 'ravdess (base 61.2 %)' at screen x(4), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(28.93), screen y(10.32) point pointtype 5 pointsize 0.4 * dot linecolor rgb '#D55E00'
set label 'ravdess → emovo (base 38.4 %)' at screen x(30.68), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(64.5), screen y(10.32) to screen x(69.7), screen y(10.32) nohead linewidth 1 dashtype 1 linecolor rgb '#4d4d4d'
set label 'base' at screen x(70.7), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '{/:Bold fusion}' at screen x(1.5), screen y(16.12) left font ',6' textcolor rgb '#000000' enhanced front
set label 'base: concat' at screen x(1.5), screen y(18.66) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'mel' at screen x(29.37), screen y(14.99) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'mfcc' at screen x(29.37), screen y(19.79) right font ',6' textcolor rgb '#000000' noenhanced front
set label '{/:Bold channels}' at screen x(1.5), screen y(23.86) left font ',6' textcolor rgb '#000000' enhanced front
set label 'base: 32-64-128' at screen x(1.5), screen y(26.4) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '16-32-64' at screen x(29.37), screen y(25.13) right font ',6' textcolor rgb '#000000' noenhanced front
set label '{/:Bold augmentation}' at screen x(1.5), screen y(29.74) left font ',6' textcolor rgb '#000000' enhanced front
set label 'base:' at screen x(1.5), screen y(32.28) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'specaug…masks:2' at screen x(1.5), screen y(34.82) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'none' at screen x(29.37), screen y(32.28) right font ',6' textcolor rgb '#000000' noenhanced front
set label '{/:Bold hidden}' at screen x(1.5), screen y(42.42) left font ',6' textcolor rgb '#000000' enhanced front
set label 'base: 128' at screen x(1.5), screen y(44.96) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '32' at screen x(29.37), screen y(38.89) right font ',6' textcolor rgb '#000000' noenhanced front
set label '64' at screen x(29.37), screen y(43.69) right font ',6' textcolor rgb '#000000' noenhanced front
set label '256' at screen x(29.37), screen y(48.49) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR minus that of the base (percentage points)' at screen x(56.03), screen y(55.77) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Marks: difference of the means; bars: 95 % paired bootstrap over test speakers; ticks:' at screen x(1.5), screen y(59.72) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'single seeds or networks. Intervals are not corrected for the number of comparisons.' at screen x(1.5), screen y(62.26) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'No bar: too few speakers for an interval. –: no result.' at screen x(1.5), screen y(64.8) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Statistics of unlabeled test speech were used.' at screen x(1.5), screen y(67.34) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(30.57)
set rmargin at screen x(81.5)
set tmargin at screen y(12.59)
set bmargin at screen y(50.89)
set xrange [-10.264:5.864]
set yrange [38.3:0]
set errorbars 0
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6' ('−10' -10, '−5' -5, '0' 0, '+5' 5)
set object rectangle from graph 0, first 9.6 to graph 1, first 15.48 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder
set object rectangle from graph 0, first 23.9 to graph 1, first 38.3 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder
set arrow from 0, graph 0 to 0, graph 1 nohead linewidth 1 dashtype 1 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-9) with dots, \
  data index 'effects1:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1.2 linecolor rgb '#0072B2', \
  data index 'pairs1:' using 2:($1 - 0.55):(0):(1.1) with vectors nohead linewidth 0.7 linecolor rgb '#300072B2', \
  data index 'effects1:' using 2:1 with points pointtype 7 pointsize 0.4 * dot linecolor rgb '#0072B2', \
  data index 'missing1:' using (-9.94144):1:('–') with labels font ',6' textcolor rgb '#0072B2' noenhanced, \
  data index 'effects2:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1.2 linecolor rgb '#D55E00', \
  data index 'pairs2:' using 2:($1 - 0.55):(0):(1.1) with vectors nohead linewidth 0.7 linecolor rgb '#30D55E00', \
  data index 'effects2:' using 2:1 with points pointtype 5 pointsize 0.4 * dot linecolor rgb '#D55E00'
unset label; unset arrow; unset object
unset output
