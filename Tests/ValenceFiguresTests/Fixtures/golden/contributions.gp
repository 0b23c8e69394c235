# Draws contributions (pdf svg png) from the numbers in contributions.dat.
# By Valence: 8b47c6b36332b152
# To redraw: gnuplot contributions.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'contributions.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,8.33cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,315 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,984 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'contributions.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'contributions.dat'
W = 85.0
H = 83.3
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set multiplot
set label '{/:Bold What does each feature add?}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by group of features' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(10.32) point pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'ravdess (N = 1440, 24 speakers, n = 24 models a score, chance 12.5 %)' at screen x(4), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(12.86) point pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00'
set label 'emovo (N = 588, 6 speakers, n = 6 models a score, chance 14.3 %)' at screen x(4), screen y(12.86) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(70.41), screen y(12.86) to screen x(75.61), screen y(12.86) nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set label 'chance' at screen x(76.61), screen y(12.86) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'Alone' at screen x(15.17), screen y(19.58) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(25.33), screen y(66.59) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Added to mel +' at screen x(38.68), screen y(16.61) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'mfcc' at screen x(38.68), screen y(19.58) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'UAR gained (points)' at screen x(48.84), screen y(66.59) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Left out of all' at screen x(62.19), screen y(19.58) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'UAR lost (points)' at screen x(72.35), screen y(66.59) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'mel' at screen x(13.97), screen y(24.35) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'mfcc' at screen x(13.97), screen y(30.13) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'prosody' at screen x(13.97), screen y(35.91) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'spectral' at screen x(13.97), screen y(41.69) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'functionals of' at screen x(13.97), screen y(46.2) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'timing' at screen x(13.97), screen y(48.74) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'mel + mfcc' at screen x(13.97), screen y(53.25) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'all' at screen x(13.97), screen y(59.03) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'Alone: mean; bars: 95 % interval over test speakers. Added to mel + mfcc and Left out' at screen x(1.5), screen y(70.33) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'of all: UAR with the group minus UAR without it; bars: 95 % interval of the difference' at screen x(1.5), screen y(72.87) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'over test speakers, not corrected for the number of comparisons. No bar: no interval.' at screen x(1.5), screen y(75.41) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Dash: no result.' at screen x(1.5), screen y(77.95) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Statistics of unlabeled test speech were used.' at screen x(1.5), screen y(80.49) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(15.17)
set rmargin at screen x(35.48)
set tmargin at screen y(21.46)
set bmargin at screen y(61.92)
set xrange [9.815:68.885]
set yrange [7.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6' ('20' 20, '40' 40, '60' 60)
do for [i = 2:7:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from graph 0, first 5.5 to graph 1, first 5.5 nohead linewidth 0.75 linecolor rgb '#808080'
set arrow from 12.5, graph 0 to 12.5, graph 1 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set arrow from 14.2857, graph 0 to 14.2857, graph 1 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'alone1:' using 2:($3 < $4 ? $1 : NaN):3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'alone1:' using 2:1 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'alone2:' using 2:($3 < $4 ? $1 : NaN):3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#D55E00', \
  data index 'alone2:' using 2:1 with points pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00', \
  data index 'alone-missing2:' using (10.9964):1:('–') with labels font ',6' textcolor rgb '#D55E00' noenhanced
unset label; unset arrow; unset object
set lmargin at screen x(38.68)
set rmargin at screen x(58.99)
set tmargin at screen y(21.46)
set bmargin at screen y(61.92)
set xrange [-5.72:7.72]
set yrange [7.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6' ('−5' -5, '0' 0, '+5' 5)
do for [i = 2:7:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from graph 0, first 5.5 to graph 1, first 5.5 nohead linewidth 0.75 linecolor rgb '#808080'
set arrow from 0, graph 0 to 0, graph 1 nohead linewidth 1 dashtype 1 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'gained1:' using 2:($3 < $4 ? $1 : NaN):3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'gained1:' using 2:1 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'gained2:' using 2:($3 < $4 ? $1 : NaN):3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#D55E00', \
  data index 'gained2:' using 2:1 with points pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00'
unset label; unset arrow; unset object
set lmargin at screen x(62.19)
set rmargin at screen x(82.5)
set tmargin at screen y(21.46)
set bmargin at screen y(61.92)
set xrange [-5.72:7.72]
set yrange [7.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6' ('−5' -5, '0' 0, '+5' 5)
do for [i = 2:7:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from graph 0, first 5.5 to graph 1, first 5.5 nohead linewidth 0.75 linecolor rgb '#808080'
set arrow from 0, graph 0 to 0, graph 1 nohead linewidth 1 dashtype 1 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'lost1:' using 2:($3 < $4 ? $1 : NaN):3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'lost1:' using 2:1 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'lost2:' using 2:($3 < $4 ? $1 : NaN):3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#D55E00', \
  data index 'lost2:' using 2:1 with points pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00', \
  data index 'lost-missing2:' using (-5.4512):1:('–') with labels font ',6' textcolor rgb '#D55E00' noenhanced
unset label; unset arrow; unset object
unset multiplot
unset output
