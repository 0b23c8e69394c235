# Draws learning-emovo-last (pdf svg png) from the numbers in learning-emovo-last.dat.
# By Valence: fedaf3cfe1a41a10
# To redraw: gnuplot learning-emovo-last.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'learning-emovo-last.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,10.16cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,384 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,1200 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'learning-emovo-last.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'learning-emovo-last.dat'
W = 85.0
H = 101.6
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set multiplot
set label '{/:Bold emovo · last}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label '20 networks' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set arrow from screen x(1.5), screen y(10.32) to screen x(6.7), screen y(10.32) nohead linewidth 2 dashtype 1 linecolor rgb '#0072B2'
set label 'training loss' at screen x(7.7), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(21.99), screen y(10.32) to screen x(27.19), screen y(10.32) nohead linewidth 2 dashtype (9,5) linecolor rgb '#D55E00'
set label 'validation loss' at screen x(28.19), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(44.49), screen y(10.32) to screen x(49.69), screen y(10.32) nohead linewidth 2 dashtype 1 linecolor rgb '#009E73'
set label 'validation UAR' at screen x(50.69), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(68.43), screen y(10.32) point pointtype 6 pointsize 0.4 * dot linewidth 1 linecolor rgb '#000000'
set label 'epoch kept' at screen x(70.18), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'Loss' at screen x(3.1), screen y(31.09) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Validation UAR (%)' at screen x(3.1), screen y(71.99) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Epoch' at screen x(46.25), screen y(94.87) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Thin: one network; thick: median, as far as half of the networks trained.' at screen x(1.5), screen y(98.82) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
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
  data index 'run9:' using 2:3 with lines linewidth 0.5 dashtype 1 linecolor rgb '#900072B2', \
  data index 'run10:' using 2:3 with lines linewidth 0.5 dashtype 1 linecolor rgb '#900072B2', \
  data index 'run11:' using 2:3 with lines linewidth 0.5 dashtype 1 linecolor rgb '#900072B2', \
  data index 'run12:' using 2:3 with lines linewidth 0.5 dashtype 1 linecolor rgb '#900072B2', \
  data index 'run13:' using 2:3 with lines linewidth 0.5 dashtype 1 linecolor rgb '#900072B2', \
  data index 'run14:' using 2:3 with lines linewidth 0.5 dashtype 1 linecolor rgb '#900072B2', \
  data index 'run15:' using 2:3 with lines linewidth 0.5 dashtype 1 linecolor rgb '#900072B2', \
  data index 'run16:' using 2:3 with lines linewidth 0.5 dashtype 1 linecolor rgb '#900072B2', \
  data index 'run17:' using 2:3 with lines linewidth 0.5 dashtype 1 linecolor rgb '#900072B2', \
  data index 'run18:' using 2:3 with lines linewidth 0.5 dashtype 1 linecolor rgb '#900072B2', \
  data index 'run19:' using 2:3 with lines linewidth 0.5 dashtype 1 linecolor rgb '#900072B2', \
  data index 'run20:' using 2:3 with lines linewidth 0.5 dashtype 1 linecolor rgb '#900072B2', \
  data index 'median:' using 2:3 with lines linewidth 2 dashtype 1 linecolor rgb '#0072B2', \
  data index 'run1:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run2:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run3:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run4:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run5:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run6:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run7:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run8:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run9:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run10:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run11:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run12:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run13:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run14:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run15:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run16:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run17:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run18:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run19:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
  data index 'run20:' using 2:4 with lines linewidth 0.5 dashtype (9,5) linecolor rgb '#90D55E00', \
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
  data index 'run9:' using 2:5 with lines linewidth 0.5 dashtype 1 linecolor rgb '#90009E73', \
  data index 'run10:' using 2:5 with lines linewidth 0.5 dashtype 1 linecolor rgb '#90009E73', \
  data index 'run11:' using 2:5 with lines linewidth 0.5 dashtype 1 linecolor rgb '#90009E73', \
  data index 'run12:' using 2:5 with lines linewidth 0.5 dashtype 1 linecolor rgb '#90009E73', \
  data index 'run13:' using 2:5 with lines linewidth 0.5 dashtype 1 linecolor rgb '#90009E73', \
  data index 'run14:' using 2:5 with lines linewidth 0.5 dashtype 1 linecolor rgb '#90009E73', \
  data index 'run15:' using 2:5 with lines linewidth 0.5 dashtype 1 linecolor rgb '#90009E73', \
  data index 'run16:' using 2:5 with lines linewidth 0.5 dashtype 1 linecolor rgb '#90009E73', \
  data index 'run17:' using 2:5 with lines linewidth 0.5 dashtype 1 linecolor rgb '#90009E73', \
  data index 'run18:' using 2:5 with lines linewidth 0.5 dashtype 1 linecolor rgb '#90009E73', \
  data index 'run19:' using 2:5 with lines linewidth 0.5 dashtype 1 linecolor rgb '#90009E73', \
  data index 'run20:' using 2:5 with lines linewidth 0.5 dashtype 1 linecolor rgb '#90009E73', \
  data index 'median:' using 2:5 with lines linewidth 2 dashtype 1 linecolor rgb '#009E73', \
  data index 'best:' using 2:3 with points pointtype 6 pointsize 0.4 * dot linewidth 1 linecolor rgb '#000000'
unset label; unset arrow; unset object
unset multiplot
unset output
