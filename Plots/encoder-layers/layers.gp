# Draws layers (pdf svg png) from the numbers in layers.dat.
# By Valence: f56da623311c78f8
# To redraw: gnuplot layers.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'layers.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,8.59cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,325 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,1015 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'layers.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'layers.dat'
W = 85.0
H = 85.9
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold Which layer of Whisper base tells emotions apart?}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by layer of the encoder' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(10.32) point pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'ravdess (N = 672, 24 speakers)' at screen x(4), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(37.34), screen y(10.32) point pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00'
set label 'emodb (N = 339, 10 speakers)' at screen x(39.09), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(12.86) point pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#000000'
set label 'chosen by validation' at screen x(4), screen y(12.86) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(26.18), screen y(12.86) to screen x(31.38), screen y(12.86) nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set label 'chance 25.0 %' at screen x(32.38), screen y(12.86) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(3.1), screen y(34.93) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Layer' at screen x(34.57), screen y(58.81) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'last' at screen x(63.09), screen y(56.1) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'mean' at screen x(68.98), screen y(56.1) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'weighted' at screen x(77.46), screen y(56.1) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Frozen encoder whisper-base (whisper-6x512-4f8fa97c2517bc1f); what it has heard is' at screen x(1.5), screen y(62.76) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'not stated.' at screen x(1.5), screen y(65.3) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Dots: mean; bars: 95 % interval over test speakers; n = 5 networks each. Bars are of' at screen x(1.5), screen y(67.84) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'single scores: layers whose bars overlap may differ all the same. Layer 0: what the first' at screen x(1.5), screen y(70.38) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'layer reads; last: behind all layers and any final norm; mean: average of all layers, 0' at screen x(1.5), screen y(72.92) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'included; weighted: sum of all layers, 0 included, by learned weights.' at screen x(1.5), screen y(75.46) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(78) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(80.54) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each speaker, unlabeled test speech included.' at screen x(1.5), screen y(83.08) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(11)
set rmargin at screen x(82.5)
set tmargin at screen y(15.93)
set bmargin at screen y(53.93)
set xrange [0:71.5]
set yrange [21.3054:100]
set border 3 lw 0.75; unset tics; set grid ytics lw 0.4 lc rgb '#d0d0d0' lt 1
set ytics out nomirror scale 0.4 offset 0.6,0 font ',6'
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6' ('0' 3.37, '1' 10.1, '2' 16.84, '3' 23.57, '4' 30.31, '5' 37.04, '6' 43.77)
set object rectangle from first 49.64, graph 0 to graph 1, graph 1 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder
set arrow from graph 0, first 25 to graph 1, first 25 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'layers1-1:' using 2:3 with lines linewidth 0.6 linecolor rgb '#0072B2', \
  data index 'layers1-1:' using 2:4:(0):($4 < $5 ? $5 - $4 : NaN) with vectors heads size first 0.5,90 linewidth 1 linecolor rgb '#0072B2', \
  data index 'layers1-1:' using 2:3 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'words1-1:' using 2:4:(0):($4 < $5 ? $5 - $4 : NaN) with vectors heads size first 0.5,90 linewidth 1 linecolor rgb '#0072B2', \
  data index 'words1-1:' using 2:3 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'chosen1-1:' using 1:2 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#0072B2', \
  data index 'layers1-2:' using 2:3 with lines linewidth 0.6 linecolor rgb '#D55E00', \
  data index 'layers1-2:' using 2:4:(0):($4 < $5 ? $5 - $4 : NaN) with vectors heads size first 0.5,90 linewidth 1 linecolor rgb '#D55E00', \
  data index 'layers1-2:' using 2:3 with points pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00', \
  data index 'words1-2:' using 2:4:(0):($4 < $5 ? $5 - $4 : NaN) with vectors heads size first 0.5,90 linewidth 1 linecolor rgb '#D55E00', \
  data index 'words1-2:' using 2:3 with points pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00', \
  data index 'chosen1-2:' using 1:2 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#D55E00'
unset label; unset arrow; unset object
unset output
