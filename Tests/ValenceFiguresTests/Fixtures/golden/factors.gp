# Draws factors (pdf svg png) from the numbers in factors.dat.
# By Valence: 35fc4f59b3351b10
# To redraw: gnuplot factors.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'factors.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,7.52cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,284 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,888 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'factors.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'factors.dat'
W = 85.0
H = 75.2
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold Which settings matter?}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'Effect of single settings on UAR' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(10.32) point pointtype 7 pointsize 0.4 * dot linecolor rgb '#0072B2'
set label 'ravdess (base 61.2 %, chance 25.0 %, N = 672, 24 speakers)' at screen x(4), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(12.86) point pointtype 5 pointsize 0.4 * dot linecolor rgb '#D55E00'
set label 'ravdess → emovo (base 38.4 %, chance 25.0 %, N = 336, 6 speakers)' at screen x(4), screen y(12.86) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(1.5), screen y(15.4) to screen x(6.7), screen y(15.4) nohead linewidth 1 dashtype 1 linecolor rgb '#4d4d4d'
set label 'base' at screen x(7.7), screen y(15.4) left font ',6' textcolor rgb '#000000' noenhanced front
set label '{/:Bold fusion}' at screen x(1.5), screen y(21.2) left font ',6' textcolor rgb '#000000' enhanced front
set label 'base: concat' at screen x(1.5), screen y(23.74) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'mel' at screen x(29.37), screen y(20.07) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'mfcc' at screen x(29.37), screen y(24.87) right font ',6' textcolor rgb '#000000' noenhanced front
set label '{/:Bold channels}' at screen x(1.5), screen y(28.94) left font ',6' textcolor rgb '#000000' enhanced front
set label 'base: 32-64-128' at screen x(1.5), screen y(31.48) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '16-32-64' at screen x(29.37), screen y(30.21) right font ',6' textcolor rgb '#000000' noenhanced front
set label '{/:Bold augmentation}' at screen x(1.5), screen y(34.82) left font ',6' textcolor rgb '#000000' enhanced front
set label 'base:' at screen x(1.5), screen y(37.36) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'specaug…masks:2' at screen x(1.5), screen y(39.9) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'none' at screen x(29.37), screen y(37.36) right font ',6' textcolor rgb '#000000' noenhanced front
set label '{/:Bold hidden}' at screen x(1.5), screen y(47.5) left font ',6' textcolor rgb '#000000' enhanced front
set label 'base: 128' at screen x(1.5), screen y(50.04) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '32' at screen x(29.37), screen y(43.97) right font ',6' textcolor rgb '#000000' noenhanced front
set label '64' at screen x(29.37), screen y(48.77) right font ',6' textcolor rgb '#000000' noenhanced front
set label '256' at screen x(29.37), screen y(53.57) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR minus that of the base (percentage points)' at screen x(56.03), screen y(60.85) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Marks: difference of the means; bars: 95 % interval of the difference over test speakers;' at screen x(1.5), screen y(64.8) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'ticks: single seeds or networks. Intervals are not corrected for the number of' at screen x(1.5), screen y(67.34) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'comparisons. No bar: no interval. Dash: no result.' at screen x(1.5), screen y(69.88) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Statistics of unlabeled test speech were used.' at screen x(1.5), screen y(72.42) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(30.57)
set rmargin at screen x(81.5)
set tmargin at screen y(17.67)
set bmargin at screen y(55.97)
set xrange [-10.264:5.864]
set yrange [38.3:0]
set errorbars 0
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6' ('−10' -10, '−5' -5, '0' 0, '+5' 5)
set object rectangle from graph 0, first 9.6 to graph 1, first 15.48 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder
set object rectangle from graph 0, first 23.9 to graph 1, first 38.3 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder
set arrow from 0, graph 0 to 0, graph 1 nohead linewidth 1 dashtype 1 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'effects1:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1.2 linecolor rgb '#0072B2', \
  data index 'pairs1:' using 2:($1 - 0.55):(0):(1.1) with vectors nohead linewidth 0.7 linecolor rgb '#300072B2', \
  data index 'effects1:' using 2:1 with points pointtype 7 pointsize 0.4 * dot linecolor rgb '#0072B2', \
  data index 'missing1:' using (-9.94144):1:('–') with labels font ',6' textcolor rgb '#0072B2' noenhanced, \
  data index 'effects2:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1.2 linecolor rgb '#D55E00', \
  data index 'pairs2:' using 2:($1 - 0.55):(0):(1.1) with vectors nohead linewidth 0.7 linecolor rgb '#30D55E00', \
  data index 'effects2:' using 2:1 with points pointtype 5 pointsize 0.4 * dot linecolor rgb '#D55E00'
unset label; unset arrow; unset object
unset output
