# Draws ablation (pdf svg png) from the numbers in ablation.dat.
# By Valence: 1290f5a39f7c52f2
# To redraw: gnuplot ablation.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'ablation.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,5.49cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,207 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,648 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'ablation.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'ablation.dat'
W = 85.0
H = 54.9
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold What do a network''s own features add to a frozen encoder''s?}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by variant' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(10.32) point pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'ravdess (N = 1440, 24 speakers)' at screen x(4), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(38.51), screen y(10.32) point pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#000000'
set label 'chosen by validation' at screen x(40.26), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(62.44), screen y(10.32) to screen x(67.64), screen y(10.32) nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set label 'chance 12.5 %' at screen x(68.64), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'encoder' at screen x(10.21), screen y(14.39) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'branches' at screen x(10.21), screen y(17.99) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'gated' at screen x(10.21), screen y(21.59) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'late' at screen x(10.21), screen y(25.19) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'without' at screen x(10.21), screen y(28.79) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(46.45), screen y(35.47) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Dots: mean; bars: 95 % interval over test speakers; n = 6 networks each.' at screen x(1.5), screen y(39.42) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(41.96) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(44.5) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each speaker, unlabeled test speech included.' at screen x(1.5), screen y(47.04) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Frozen encoder whisper-base (whisper-6x512-4f8fa97c2517bc1f), layer 3; what it has' at screen x(1.5), screen y(49.58) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'heard is not stated (encoder, branches, gated, late).' at screen x(1.5), screen y(52.12) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(11.41)
set rmargin at screen x(81.5)
set tmargin at screen y(12.59)
set bmargin at screen y(30.59)
set xrange [8.86576:88.8189]
set yrange [5.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
do for [i = 2:5:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from 12.5, graph 0 to 12.5, graph 1 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'series1:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'series1:' using 2:1 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'chosen1:' using 2:1 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#0072B2'
unset label; unset arrow; unset object
unset output
