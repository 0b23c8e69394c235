# Draws factors-ravdess (pdf svg png) from the numbers in factors-ravdess.dat.
# By Valence: 0b06f3fd63fd9138
# To redraw: gnuplot factors-ravdess.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'factors-ravdess.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,7.11cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,269 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,840 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'factors-ravdess.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'factors-ravdess.dat'
W = 85.0
H = 71.1
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold How large must the network be? · ravdess}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'Effect of single settings on UAR' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(10.32) point pointtype 7 pointsize 0.4 * dot linecolor rgb '#0072B2'
set label 'ravdess (base 67.3 %, chance 25.0 %, N = 672, 24 speakers)' at screen x(4), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(64.71), screen y(10.32) to screen x(69.91), screen y(10.32) nohead linewidth 1 dashtype 1 linecolor rgb '#4d4d4d'
set label 'base' at screen x(70.91), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '{/:Bold channels}' at screen x(1.5), screen y(14.92) left font ',6' textcolor rgb '#000000' enhanced front
set label 'base: 16-32-64' at screen x(1.5), screen y(17.46) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '8-16-32' at screen x(26.78), screen y(14.39) right font ',6' textcolor rgb '#000000' noenhanced front
set label '32-64-128' at screen x(26.78), screen y(17.99) right font ',6' textcolor rgb '#000000' noenhanced front
set label '{/:Bold rnn.hidden}' at screen x(1.5), screen y(22.12) left font ',6' textcolor rgb '#000000' enhanced front
set label 'base: 64' at screen x(1.5), screen y(24.66) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '32' at screen x(26.78), screen y(21.59) right font ',6' textcolor rgb '#000000' noenhanced front
set label '128' at screen x(26.78), screen y(25.19) right font ',6' textcolor rgb '#000000' noenhanced front
set label '{/:Bold layers}' at screen x(1.5), screen y(28.66) left font ',6' textcolor rgb '#000000' enhanced front
set label 'base: 1' at screen x(1.5), screen y(31.2) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '2' at screen x(26.78), screen y(29.93) right font ',6' textcolor rgb '#000000' noenhanced front
set label '{/:Bold cell}' at screen x(1.5), screen y(34.54) left font ',6' textcolor rgb '#000000' enhanced front
set label 'base: lstm' at screen x(1.5), screen y(37.08) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'gru' at screen x(26.78), screen y(35.81) right font ',6' textcolor rgb '#000000' noenhanced front
set label '{/:Bold rnn}' at screen x(1.5), screen y(40.42) left font ',6' textcolor rgb '#000000' enhanced front
set label 'base: base' at screen x(1.5), screen y(42.96) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'none' at screen x(26.78), screen y(41.69) right font ',6' textcolor rgb '#000000' noenhanced front
set label '{/:Bold head.hidden}' at screen x(1.5), screen y(46.96) left font ',6' textcolor rgb '#000000' enhanced front
set label 'base: 64' at screen x(1.5), screen y(49.5) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'none' at screen x(26.78), screen y(46.43) right font ',6' textcolor rgb '#000000' noenhanced front
set label '128' at screen x(26.78), screen y(50.03) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR minus that of the base (percentage points)' at screen x(54.74), screen y(56.71) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Marks: difference of the means. No bar: no interval.' at screen x(1.5), screen y(60.66) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(63.2) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(65.74) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each speaker, unlabeled test speech included.' at screen x(1.5), screen y(68.28) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(27.98)
set rmargin at screen x(81.5)
set tmargin at screen y(12.59)
set bmargin at screen y(51.83)
set xrange [-10.0859:3.1849]
set yrange [39.24:0]
set errorbars 0
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6' ('−10' -10, '−8' -8, '−6' -6, '−4' -4, '−2' -2, '0' 0, '+2' 2)
set object rectangle from graph 0, first 7.2 to graph 1, first 14.4 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder
set object rectangle from graph 0, first 20.28 to graph 1, first 26.16 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder
set object rectangle from graph 0, first 32.04 to graph 1, first 39.24 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder
set arrow from 0, graph 0 to 0, graph 1 nohead linewidth 1 dashtype 1 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'effects1:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1.2 linecolor rgb '#0072B2', \
  data index 'effects1:' using 2:1 with points pointtype 7 pointsize 0.4 * dot linecolor rgb '#0072B2'
unset label; unset arrow; unset object
unset output
