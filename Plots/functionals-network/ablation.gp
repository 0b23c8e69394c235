# Draws ablation (pdf svg png) from the numbers in ablation.dat.
# By Valence: 9cf047ebd82b0adc
# To redraw: gnuplot ablation.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'ablation.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,6.55cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,248 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,774 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'ablation.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'ablation.dat'
W = 85.0
H = 65.5
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold EMOVO, functionals inside a network, scored on speakers of}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label '{/:Bold the training side}' at screen x(1.5), screen y(6.58) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by variant' at screen x(1.5), screen y(9.76) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(13.71) point pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'emovo (N = 588, 6 speakers)' at screen x(4), screen y(13.71) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(34.35), screen y(13.71) to screen x(39.55), screen y(13.71) nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set label 'chance 14.3 %' at screen x(40.55), screen y(13.71) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-ridge' at screen x(17.26), screen y(17.78) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'functionals' at screen x(17.26), screen y(21.38) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'input-dropout' at screen x(17.26), screen y(24.98) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'log-mel-beside' at screen x(17.26), screen y(28.58) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'encoder' at screen x(17.26), screen y(32.18) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'encoder-beside' at screen x(17.26), screen y(35.78) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'modality-dropout' at screen x(17.26), screen y(39.38) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(49.98), screen y(46.06) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Dots: mean; bars: 95 % interval over test speakers; n = 6 models each.' at screen x(1.5), screen y(50.01) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus emovo: these are no test scores: each fold leaves its test side out, and scores' at screen x(1.5), screen y(52.55) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'the next fold''s test speakers, who neither train nor choose an epoch.' at screen x(1.5), screen y(55.09) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each speaker, unlabeled test speech included.' at screen x(1.5), screen y(57.63) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Frozen encoder whisper-base (whisper-6x512-4f8fa97c2517bc1f), layer 3; what it has' at screen x(1.5), screen y(60.17) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'heard is not stated (encoder, encoder-beside, modality-dropout).' at screen x(1.5), screen y(62.71) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(18.46)
set rmargin at screen x(81.5)
set tmargin at screen y(15.98)
set bmargin at screen y(41.18)
set xrange [11.5084:72.6099]
set yrange [7.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
do for [i = 2:7:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from 14.2857, graph 0 to 14.2857, graph 1 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'series1:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'series1:' using 2:1 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
unset label; unset arrow; unset object
unset output
