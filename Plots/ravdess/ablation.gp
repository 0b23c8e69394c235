# Draws ablation (pdf svg png) from the numbers in ablation.dat.
# To redraw: gnuplot ablation.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'ablation.gp' }
  exit
}
if (!exists('partial')) { partial = '' }
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,4.01cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,152 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,474 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'ablation.'.format.partial
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'ablation.dat'
W = 85.0
H = 40.1
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold RAVDESS, eight emotions, unseen actors}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by variant' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set arrow from screen x(1.5), screen y(10.32) to screen x(6.7), screen y(10.32) nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set label 'chance 12.5 %' at screen x(7.7), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'train-statistics' at screen x(18.44), screen y(14.39) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'speaker-statistics' at screen x(18.44), screen y(17.99) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'speaker-branches' at screen x(18.44), screen y(21.59) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(50.57), screen y(28.27) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'ravdess. Dots: mean; bars: ± sd over folds and seeds; n = 6 each.' at screen x(1.5), screen y(32.22) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'normalized by statistics of each speaker, unlabeled test speech included (speaker-' at screen x(1.5), screen y(34.76) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'statistics, speaker-branches)' at screen x(1.5), screen y(37.3) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(19.64)
set rmargin at screen x(81.5)
set tmargin at screen y(12.59)
set bmargin at screen y(23.39)
set xrange [9.83995:68.361]
set yrange [3.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
do for [i = 2:3:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from 12.5, graph 0 to 12.5, graph 1 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-9) with dots, \
  data index 'series1:' using 2:1:3 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'series1:' using 2:1 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
unset label; unset arrow; unset object
unset output
