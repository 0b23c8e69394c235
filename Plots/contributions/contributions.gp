# Draws contributions (pdf svg png) from the numbers in contributions.dat.
# By Valence: 3a794c8107c1105c
# To redraw: gnuplot contributions.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'contributions.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,7cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,265 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,827 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'contributions.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'contributions.dat'
W = 85.0
H = 70.0
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set multiplot
set label '{/:Bold What each group of functionals adds}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by group of features' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(10.32) point pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'emovo (N = 336, 6 speakers, n = 6 models a score)' at screen x(4), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(12.86) point pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00'
set label 'emodb (N = 339, 10 speakers, n = 10 models a score)' at screen x(4), screen y(12.86) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(57.71), screen y(12.86) to screen x(62.91), screen y(12.86) nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set label 'chance 25.0 %' at screen x(63.91), screen y(12.86) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'Alone' at screen x(10.23), screen y(16.61) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(21.21), screen y(50.76) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Added to mfcc' at screen x(35.39), screen y(16.61) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'UAR gained (points)' at screen x(46.36), screen y(50.76) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Left out of all' at screen x(60.54), screen y(16.61) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'UAR lost (points)' at screen x(71.52), screen y(50.76) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'mfcc' at screen x(9.03), screen y(20.79) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'mel' at screen x(9.03), screen y(25.39) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'prosody' at screen x(9.03), screen y(29.99) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'spectral' at screen x(9.03), screen y(34.59) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'timing' at screen x(9.03), screen y(39.19) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'all' at screen x(9.03), screen y(43.79) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'Alone: mean; bars: 95 % interval over test speakers. Added to mfcc and Left out of all:' at screen x(1.5), screen y(54.5) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'UAR with the group minus UAR without it; bars: 95 % interval of the difference over test' at screen x(1.5), screen y(57.04) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'speakers, not corrected for the number of comparisons.' at screen x(1.5), screen y(59.58) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Approximate (timing left out on emodb): with few or unequal speakers, or near 0 or 100' at screen x(1.5), screen y(62.12) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '%, such an interval may cover the true value in less than 90 % of cases (by simulation).' at screen x(1.5), screen y(64.66) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each speaker, unlabeled test speech included.' at screen x(1.5), screen y(67.2) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(10.23)
set rmargin at screen x(32.19)
set tmargin at screen y(18.49)
set bmargin at screen y(46.09)
set xrange [21.4366:99.8319]
set yrange [6.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6' ('40' 40, '60' 60, '80' 80)
do for [i = 2:6:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from graph 0, first 5.5 to graph 1, first 5.5 nohead linewidth 0.75 linecolor rgb '#808080'
set arrow from 25, graph 0 to 25, graph 1 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'alone1:' using 2:($3 < $4 ? $1 : NaN):3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'alone1:' using 2:1 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'alone2:' using 2:($3 < $4 ? $1 : NaN):3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#D55E00', \
  data index 'alone2:' using 2:1 with points pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00'
unset label; unset arrow; unset object
set lmargin at screen x(35.39)
set rmargin at screen x(57.34)
set tmargin at screen y(18.49)
set bmargin at screen y(46.09)
set xrange [-10.8981:12.8304]
set yrange [6.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6' ('−10' -10, '0' 0, '+10' 10)
do for [i = 2:6:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from graph 0, first 5.5 to graph 1, first 5.5 nohead linewidth 0.75 linecolor rgb '#808080'
set arrow from 0, graph 0 to 0, graph 1 nohead linewidth 1 dashtype 1 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'gained1:' using 2:($3 < $4 ? $1 : NaN):3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'gained1:' using 2:1 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'gained2:' using 2:($3 < $4 ? $1 : NaN):3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#D55E00', \
  data index 'gained2:' using 2:1 with points pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00'
unset label; unset arrow; unset object
set lmargin at screen x(60.54)
set rmargin at screen x(82.5)
set tmargin at screen y(18.49)
set bmargin at screen y(46.09)
set xrange [-10.8981:12.8304]
set yrange [6.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6' ('−10' -10, '0' 0, '+10' 10)
do for [i = 2:6:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from graph 0, first 5.5 to graph 1, first 5.5 nohead linewidth 0.75 linecolor rgb '#808080'
set arrow from 0, graph 0 to 0, graph 1 nohead linewidth 1 dashtype 1 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'lost1:' using 2:($3 < $4 ? $1 : NaN):3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'lost1:' using 2:1 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'lost2:' using 2:($3 < $4 ? $1 : NaN):3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#D55E00', \
  data index 'lost2:' using 2:1 with points pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00'
unset label; unset arrow; unset object
unset multiplot
unset output
