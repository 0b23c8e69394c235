# Draws ablation (pdf svg png) from the numbers in ablation.dat.
# By Valence: efad04e2b189fcdc
# To redraw: gnuplot ablation.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'ablation.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,10.51cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,397 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,1241 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'ablation.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'ablation.dat'
W = 85.0
H = 105.1
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold RAVDESS, eight emotions, unseen actors, classic models}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label '{/:Bold over a frozen encoder}' at screen x(1.5), screen y(6.58) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by variant' at screen x(1.5), screen y(9.76) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(13.71) point pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'ravdess (N = 1440, 24 speakers)' at screen x(4), screen y(13.71) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(37.76), screen y(13.71) to screen x(42.96), screen y(13.71) nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set label 'chance 12.5 %' at screen x(43.96), screen y(13.71) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'name=kernel_ridge normalization=' at screen x(35.79), screen y(17.6) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'train' at screen x(35.79), screen y(20.14) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'name=kernel_ridge normalization=' at screen x(35.79), screen y(23.38) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'speaker' at screen x(35.79), screen y(25.92) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'name=ridge normalization=train' at screen x(35.79), screen y(30.43) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'name=ridge normalization=speaker' at screen x(35.79), screen y(36.21) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'name=lda normalization=train' at screen x(35.79), screen y(41.99) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'name=lda normalization=speaker' at screen x(35.79), screen y(47.77) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline majority' at screen x(35.79), screen y(53.55) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline svm normalization=train' at screen x(35.79), screen y(59.33) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline svm normalization=speaker' at screen x(35.79), screen y(65.11) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(59.25), screen y(72.88) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Dots: mean; bars: 95 % interval over test speakers; n = 6 models each.' at screen x(1.5), screen y(76.83) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Approximate (ravdess of baseline majority): with few or unequal speakers, or near 0 or' at screen x(1.5), screen y(79.37) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '100 %, such an interval may cover the true value in less than 90 % of cases (by' at screen x(1.5), screen y(81.91) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'simulation).' at screen x(1.5), screen y(84.45) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(86.99) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(89.53) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Frozen encoder whisper-base (whisper-6x512-4f8fa97c2517bc1f), a layer chosen by' at screen x(1.5), screen y(92.07) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'inner folds; what it has heard is not stated.' at screen x(1.5), screen y(94.61) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each speaker, unlabeled test speech included (name=' at screen x(1.5), screen y(97.15) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'kernel_ridge normalization=speaker, name=ridge normalization=speaker, name=lda' at screen x(1.5), screen y(99.69) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'normalization=speaker, baseline svm normalization=speaker).' at screen x(1.5), screen y(102.23) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(36.99)
set rmargin at screen x(81.5)
set tmargin at screen y(15.98)
set bmargin at screen y(68)
set xrange [8.73211:89.2131]
set yrange [9.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
do for [i = 2:9:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from graph 0, first 6.5 to graph 1, first 6.5 nohead linewidth 0.75 linecolor rgb '#808080'
set arrow from 12.5, graph 0 to 12.5, graph 1 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'series1:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'series1:' using 2:1 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
unset label; unset arrow; unset object
unset output
