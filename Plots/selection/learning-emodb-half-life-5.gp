# Draws learning-emodb-half-life-5 (pdf svg png) from the numbers in learning-emodb-half-life-5.dat.
# By Valence: db2105cd8b617931
# To redraw: gnuplot learning-emodb-half-life-5.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'learning-emodb-half-life-5.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,10.93cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,413 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,1291 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'learning-emodb-half-life-5.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'learning-emodb-half-life-5.dat'
W = 85.0
H = 109.3
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set multiplot
set label '{/:Bold emodb · half-life-5}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label '8 networks' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set arrow from screen x(1.5), screen y(10.32) to screen x(6.7), screen y(10.32) nohead linewidth 2 dashtype 1 linecolor rgb '#0072B2'
set label 'training loss' at screen x(7.7), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(21.99), screen y(10.32) to screen x(27.19), screen y(10.32) nohead linewidth 2 dashtype (9,5) linecolor rgb '#D55E00'
set label 'validation loss' at screen x(28.19), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(44.49), screen y(10.32) to screen x(49.69), screen y(10.32) nohead linewidth 2 dashtype 1 linecolor rgb '#009E73'
set label 'validation UAR' at screen x(50.69), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'Loss' at screen x(3.1), screen y(31.09) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Validation UAR (%)' at screen x(3.1), screen y(71.99) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Epoch' at screen x(46.25), screen y(94.87) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Thin: one network; thick: median, as far as half of the networks trained.' at screen x(1.5), screen y(98.82) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Kept: the mean of the weights of all 20 epochs, with a half-life of 5.0.' at screen x(1.5), screen y(101.36) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus emodb: these are no test scores: each fold leaves its test side out, and scores' at screen x(1.5), screen y(103.9) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'the next fold''s test speakers, who neither train nor choose an epoch.' at screen x(1.5), screen y(106.44) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(11)
set rmargin at screen x(81.5)
set tmargin at screen y(13.09)
set bmargin at screen y(49.09)
set border 3 lw 0.75; set grid ytics lw 0.4 lc rgb '#d0d0d0' lt 1
set xrange [0.5:20.5]
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6' (1, 5, 10, 15, 20)
set ytics out nomirror scale 0.4 offset 0.6,0 font ',6'
set yrange [*:*]
plot data index 'run1:' using 2:3 with lines linewidth 0.5 dashtype 1 linecolor rgb '#900072B2', \
  data index 'run2:' using 2:3 with lines linewidth 0.5 dashtype 1 linecolor rgb '#900072B2', \
  data index 'run3:' using 2:3 with lines linewidth 0.5 dashtype 1 linecolor rgb '#900072B2', \
  data index 'run4:' using 2:3 with lines linewidth 0.5 dashtype 1 linecolor rgb '#900072B2', \
  data index 'run5:' using 2:3 with lines linewidth 0.5 dashtype 1 linecolor rgb '#900072B2', \
  data index 'run6:' using 2:3 with lines linewidth 0.5 dashtype 1 linecolor rgb '#900072B2', \
  data index 'run7:' using 2:3 with lines linewidth 0.5 dashtype 1 linecolor rgb '#900072B2', \
  data index 'run8:' using 2:3 with lines linewidth 0.5 dashtype 1 linecolor rgb '#900072B2', \
  data index 'median:' using 2:3 with lines linewidth 2 dashtype 1 linecolor rgb '#0072B2', \
  data index 'run1:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run2:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run3:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run4:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run5:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run6:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run7:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run8:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'median:' using 2:4 with lines linewidth 2 dashtype (9,5) linecolor rgb '#D55E00'
unset label; unset arrow; unset object
set lmargin at screen x(11)
set rmargin at screen x(81.5)
set tmargin at screen y(53.99)
set bmargin at screen y(89.99)
set border 3 lw 0.75; set grid ytics lw 0.4 lc rgb '#d0d0d0' lt 1
set xrange [0.5:20.5]
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6' (1, 5, 10, 15, 20)
set ytics out nomirror scale 0.4 offset 0.6,0 font ',6'
set yrange [*:*]
plot data index 'run1:' using 2:5 with lines linewidth 0.5 dashtype 1 linecolor rgb '#90009E73', \
  data index 'run2:' using 2:5 with lines linewidth 0.5 dashtype 1 linecolor rgb '#90009E73', \
  data index 'run3:' using 2:5 with lines linewidth 0.5 dashtype 1 linecolor rgb '#90009E73', \
  data index 'run4:' using 2:5 with lines linewidth 0.5 dashtype 1 linecolor rgb '#90009E73', \
  data index 'run5:' using 2:5 with lines linewidth 0.5 dashtype 1 linecolor rgb '#90009E73', \
  data index 'run6:' using 2:5 with lines linewidth 0.5 dashtype 1 linecolor rgb '#90009E73', \
  data index 'run7:' using 2:5 with lines linewidth 0.5 dashtype 1 linecolor rgb '#90009E73', \
  data index 'run8:' using 2:5 with lines linewidth 0.5 dashtype 1 linecolor rgb '#90009E73', \
  data index 'median:' using 2:5 with lines linewidth 2 dashtype 1 linecolor rgb '#009E73'
unset label; unset arrow; unset object
unset multiplot
unset output
