# Draws ablation (pdf svg png) from the numbers in ablation.dat.
# By Valence: 492843a6fed55c26
# To redraw: gnuplot ablation.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'ablation.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,7.36cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,278 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,869 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'ablation.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'ablation.dat'
W = 85.0
H = 73.6
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold Six emotions of EMOVO from two speakers, from nothing}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label '{/:Bold and from a network of four emotions}' at screen x(1.5), screen y(6.58) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by variant' at screen x(1.5), screen y(9.76) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(13.71) point pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'emovo' at screen x(4), screen y(13.71) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(14.1), screen y(13.71) point pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#000000'
set label 'chosen by validation' at screen x(15.85), screen y(13.71) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(38.03), screen y(13.71) to screen x(43.23), screen y(13.71) nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set label 'chance 16.7 %' at screen x(44.23), screen y(13.71) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'nothing' at screen x(17.38), screen y(17.78) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'body' at screen x(17.38), screen y(21.38) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'frozen' at screen x(17.38), screen y(24.98) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline majority' at screen x(17.38), screen y(28.58) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline svm' at screen x(17.38), screen y(32.18) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(50.04), screen y(38.86) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Dots: mean; bars: 95 % interval over test speakers, and seeds where there are several;' at screen x(1.5), screen y(42.81) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'n = 6 to 18 models.' at screen x(1.5), screen y(45.35) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Approximate (emovo of baseline majority): with few or unequal speakers, or near 0 or' at screen x(1.5), screen y(47.89) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '100 %, such an interval may cover the true value in less than 90 % of cases (by' at screen x(1.5), screen y(50.43) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'simulation).' at screen x(1.5), screen y(52.97) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each speaker, unlabeled test speech included.' at screen x(1.5), screen y(55.51) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Started from network 3607985f582286f5, which has heard ravdess (504 clips of 18' at screen x(1.5), screen y(58.05) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'speakers); all of its layers are trained further; the last layer begins with its weights of' at screen x(1.5), screen y(60.59) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'angry, happy, neutral and sad and with new ones of afraid and disgusted (body).' at screen x(1.5), screen y(63.13) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Started from network 3607985f582286f5, which has heard ravdess (504 clips of 18' at screen x(1.5), screen y(65.67) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'speakers); its body is kept as it was; the last layer begins with its weights of angry,' at screen x(1.5), screen y(68.21) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'happy, neutral and sad and with new ones of afraid and disgusted (frozen).' at screen x(1.5), screen y(70.75) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(18.58)
set rmargin at screen x(81.5)
set tmargin at screen y(15.98)
set bmargin at screen y(33.98)
set xrange [14.13:60.3034]
set yrange [5.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
do for [i = 2:5:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from graph 0, first 3.5 to graph 1, first 3.5 nohead linewidth 0.75 linecolor rgb '#808080'
set arrow from 16.6667, graph 0 to 16.6667, graph 1 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'series1:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'series1:' using 2:1 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'chosen1:' using 2:1 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#0072B2'
unset label; unset arrow; unset object
unset output
