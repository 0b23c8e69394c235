# Draws layers-deep (pdf svg png) from the numbers in layers-deep.dat.
# By Valence: d3ba86b569f275b7
# To redraw: gnuplot layers-deep.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'layers-deep.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 17.5cm,12.45cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 661,471 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 2067,1470 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'layers-deep.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'layers-deep.dat'
W = 175.0
H = 124.5
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set multiplot
set label '{/:Bold Which layer, by whose statistics?}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by layer of the encoder' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(10.32) point pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'normalization=train' at screen x(4), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(25.69), screen y(10.32) point pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00'
set label 'normalization=speaker' at screen x(27.44), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(52.54), screen y(10.32) point pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#000000'
set label 'chosen by validation' at screen x(54.29), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(76.47), screen y(10.32) to screen x(81.67), screen y(10.32) nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set label 'chance 25.0 %' at screen x(82.67), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'ravdess (N = 588, 6 speakers)' at screen x(11), screen y(14.07) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(3.1), screen y(35.35) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'weighted' at screen x(84.2), screen y(55.35) right rotate by 90 font ',6' textcolor rgb '#000000' noenhanced front
set label 'emovo (N = 588, 6 speakers)' at screen x(98.5), screen y(14.07) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'Layer' at screen x(132.95), screen y(59.24) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'weighted' at screen x(171.7), screen y(55.35) right rotate by 90 font ',6' textcolor rgb '#000000' noenhanced front
set label 'emodb (N = 588, 6 speakers)' at screen x(11), screen y(66.11) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(3.1), screen y(87.39) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Layer' at screen x(45.45), screen y(111.27) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'weighted' at screen x(84.2), screen y(107.39) right rotate by 90 font ',6' textcolor rgb '#000000' noenhanced front
set label 'Dots: mean; bars: 95 % interval over test speakers; n = 15 networks each. Bars are of single scores: layers whose bars overlap may differ all the same. Layer 0: what the first layer' at screen x(1.5), screen y(119.13) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'reads; weighted: sum of all layers, 0 included, by learned weights.' at screen x(1.5), screen y(121.67) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(11)
set rmargin at screen x(86)
set tmargin at screen y(16.35)
set bmargin at screen y(54.35)
set xrange [0:75]
set yrange [21.3:100]
set border 3 lw 0.75; unset tics; set grid ytics lw 0.4 lc rgb '#d0d0d0' lt 1
set ytics out nomirror scale 0.4 offset 0.6,0 font ',6'
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6' ('0' 1.38, '' 4.13, '2' 6.89, '' 9.65, '4' 12.4, '' 15.16, '6' 17.91, '' 20.67, '8' 23.43, '' 26.18, '10' 28.94, '' 31.69, '12' 34.45, '' 37.21, '14' 39.96, '' 42.72, '16' 45.47, '' 48.23, '18' 50.99, '' 53.74, '20' 56.5, '' 59.25, '22' 62.01, '' 64.77, '24' 67.52)
set object rectangle from first 71.4, graph 0 to graph 1, graph 1 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder
set arrow from graph 0, first 25 to graph 1, first 25 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'layers1-1:' using 2:3 with lines linewidth 0.6 linecolor rgb '#0072B2', \
  data index 'layers1-1:' using 2:4:(0):($4 < $5 ? $5 - $4 : NaN) with vectors heads size first 0.42,90 linewidth 1 linecolor rgb '#0072B2', \
  data index 'layers1-1:' using 2:3 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'words1-1:' using 2:4:(0):($4 < $5 ? $5 - $4 : NaN) with vectors heads size first 0.42,90 linewidth 1 linecolor rgb '#0072B2', \
  data index 'words1-1:' using 2:3 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'layers1-2:' using 2:3 with lines linewidth 0.6 linecolor rgb '#D55E00', \
  data index 'layers1-2:' using 2:4:(0):($4 < $5 ? $5 - $4 : NaN) with vectors heads size first 0.42,90 linewidth 1 linecolor rgb '#D55E00', \
  data index 'layers1-2:' using 2:3 with points pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00', \
  data index 'words1-2:' using 2:4:(0):($4 < $5 ? $5 - $4 : NaN) with vectors heads size first 0.42,90 linewidth 1 linecolor rgb '#D55E00', \
  data index 'words1-2:' using 2:3 with points pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00', \
  data index 'chosen1-2:' using 1:2 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#D55E00'
unset label; unset arrow; unset object
set lmargin at screen x(98.5)
set rmargin at screen x(173.5)
set tmargin at screen y(16.35)
set bmargin at screen y(54.35)
set xrange [0:75]
set yrange [21.3:100]
set border 3 lw 0.75; unset tics; set grid ytics lw 0.4 lc rgb '#d0d0d0' lt 1
set ytics out nomirror scale 0.4 offset 0.6,0 font ',6'
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6' ('0' 1.38, '' 4.13, '2' 6.89, '' 9.65, '4' 12.4, '' 15.16, '6' 17.91, '' 20.67, '8' 23.43, '' 26.18, '10' 28.94, '' 31.69, '12' 34.45, '' 37.21, '14' 39.96, '' 42.72, '16' 45.47, '' 48.23, '18' 50.99, '' 53.74, '20' 56.5, '' 59.25, '22' 62.01, '' 64.77, '24' 67.52)
set object rectangle from first 71.4, graph 0 to graph 1, graph 1 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder
set arrow from graph 0, first 25 to graph 1, first 25 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'layers2-1:' using 2:3 with lines linewidth 0.6 linecolor rgb '#0072B2', \
  data index 'layers2-1:' using 2:4:(0):($4 < $5 ? $5 - $4 : NaN) with vectors heads size first 0.42,90 linewidth 1 linecolor rgb '#0072B2', \
  data index 'layers2-1:' using 2:3 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'words2-1:' using 2:4:(0):($4 < $5 ? $5 - $4 : NaN) with vectors heads size first 0.42,90 linewidth 1 linecolor rgb '#0072B2', \
  data index 'words2-1:' using 2:3 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'layers2-2:' using 2:3 with lines linewidth 0.6 linecolor rgb '#D55E00', \
  data index 'layers2-2:' using 2:4:(0):($4 < $5 ? $5 - $4 : NaN) with vectors heads size first 0.42,90 linewidth 1 linecolor rgb '#D55E00', \
  data index 'layers2-2:' using 2:3 with points pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00', \
  data index 'words2-2:' using 2:4:(0):($4 < $5 ? $5 - $4 : NaN) with vectors heads size first 0.42,90 linewidth 1 linecolor rgb '#D55E00', \
  data index 'words2-2:' using 2:3 with points pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00', \
  data index 'chosen2-2:' using 1:2 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#D55E00'
unset label; unset arrow; unset object
set lmargin at screen x(11)
set rmargin at screen x(86)
set tmargin at screen y(68.39)
set bmargin at screen y(106.39)
set xrange [0:75]
set yrange [21.3:100]
set border 3 lw 0.75; unset tics; set grid ytics lw 0.4 lc rgb '#d0d0d0' lt 1
set ytics out nomirror scale 0.4 offset 0.6,0 font ',6'
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6' ('0' 1.38, '' 4.13, '2' 6.89, '' 9.65, '4' 12.4, '' 15.16, '6' 17.91, '' 20.67, '8' 23.43, '' 26.18, '10' 28.94, '' 31.69, '12' 34.45, '' 37.21, '14' 39.96, '' 42.72, '16' 45.47, '' 48.23, '18' 50.99, '' 53.74, '20' 56.5, '' 59.25, '22' 62.01, '' 64.77, '24' 67.52)
set object rectangle from first 71.4, graph 0 to graph 1, graph 1 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder
set arrow from graph 0, first 25 to graph 1, first 25 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'layers3-1:' using 2:3 with lines linewidth 0.6 linecolor rgb '#0072B2', \
  data index 'layers3-1:' using 2:4:(0):($4 < $5 ? $5 - $4 : NaN) with vectors heads size first 0.42,90 linewidth 1 linecolor rgb '#0072B2', \
  data index 'layers3-1:' using 2:3 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'words3-1:' using 2:4:(0):($4 < $5 ? $5 - $4 : NaN) with vectors heads size first 0.42,90 linewidth 1 linecolor rgb '#0072B2', \
  data index 'words3-1:' using 2:3 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'layers3-2:' using 2:3 with lines linewidth 0.6 linecolor rgb '#D55E00', \
  data index 'layers3-2:' using 2:4:(0):($4 < $5 ? $5 - $4 : NaN) with vectors heads size first 0.42,90 linewidth 1 linecolor rgb '#D55E00', \
  data index 'layers3-2:' using 2:3 with points pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00', \
  data index 'words3-2:' using 2:4:(0):($4 < $5 ? $5 - $4 : NaN) with vectors heads size first 0.42,90 linewidth 1 linecolor rgb '#D55E00', \
  data index 'words3-2:' using 2:3 with points pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00', \
  data index 'chosen3-2:' using 1:2 with points pointtype 6 pointsize 0.75 * dot linewidth 1.2 linecolor rgb '#D55E00'
unset label; unset arrow; unset object
unset multiplot
unset output
