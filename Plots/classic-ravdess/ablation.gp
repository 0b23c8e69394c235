# Draws ablation (pdf svg png) from the numbers in ablation.dat.
# By Valence: 0a501d53d0993b0b
# To redraw: gnuplot ablation.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'ablation.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,12.22cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,462 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,1443 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'ablation.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'ablation.dat'
W = 85.0
H = 122.2
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold RAVDESS, eight emotions, unseen actors, classic models}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by variant' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(10.32) point pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'ravdess (N = 1440, 24 speakers)' at screen x(4), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(37.76), screen y(10.32) to screen x(42.96), screen y(10.32) nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set label 'chance 12.5 %' at screen x(43.96), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'classic=kernel_ridge normalization=' at screen x(35.79), screen y(14.21) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'train' at screen x(35.79), screen y(16.75) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'classic=kernel_ridge normalization=' at screen x(35.79), screen y(19.99) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'speaker' at screen x(35.79), screen y(22.53) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'classic=svm normalization=train' at screen x(35.79), screen y(27.04) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'classic=svm normalization=speaker' at screen x(35.79), screen y(32.82) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'classic=ridge normalization=train' at screen x(35.79), screen y(38.6) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'classic=ridge normalization=speaker' at screen x(35.79), screen y(44.38) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'classic=logistic normalization=train' at screen x(35.79), screen y(50.16) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'classic=logistic normalization=' at screen x(35.79), screen y(54.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'speaker' at screen x(35.79), screen y(57.21) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'classic=lda normalization=train' at screen x(35.79), screen y(61.72) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'classic=lda normalization=speaker' at screen x(35.79), screen y(67.5) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline majority' at screen x(35.79), screen y(73.28) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline svm normalization=train' at screen x(35.79), screen y(79.06) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline svm normalization=speaker' at screen x(35.79), screen y(84.84) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(59.25), screen y(92.61) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Dots: mean; bars: 95 % interval over test speakers; n = 6 models each.' at screen x(1.5), screen y(96.56) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Approximate (ravdess of baseline majority): with few or unequal speakers, or near 0 or' at screen x(1.5), screen y(99.1) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '100 %, such an interval may cover the true value in less than 90 % of cases (by' at screen x(1.5), screen y(101.64) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'simulation).' at screen x(1.5), screen y(104.18) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(106.72) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(109.26) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each speaker, unlabeled test speech included (classic=' at screen x(1.5), screen y(111.8) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'kernel_ridge normalization=speaker, classic=svm normalization=speaker, classic=ridge' at screen x(1.5), screen y(114.34) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'normalization=speaker, classic=logistic normalization=speaker, classic=lda' at screen x(1.5), screen y(116.88) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'normalization=speaker, baseline svm normalization=speaker).' at screen x(1.5), screen y(119.42) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(36.99)
set rmargin at screen x(81.5)
set tmargin at screen y(12.59)
set bmargin at screen y(87.73)
set xrange [9.10342:81.4157]
set yrange [13.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
do for [i = 2:13:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from graph 0, first 10.5 to graph 1, first 10.5 nohead linewidth 0.75 linecolor rgb '#808080'
set arrow from 12.5, graph 0 to 12.5, graph 1 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'series1:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'series1:' using 2:1 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
unset label; unset arrow; unset object
unset output
