# Draws generalization-fusion-mel-gap (pdf svg png) from the numbers in generalization-fusion-mel-gap.dat.
# To redraw: gnuplot generalization-fusion-mel-gap.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'generalization-fusion-mel-gap.gp' }
  exit
}
if (!exists('partial')) { partial = '' }
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,7.03cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,266 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,830 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'generalization-fusion-mel-gap.'.format.partial
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'generalization-fusion-mel-gap.dat'
W = 85.0
H = 70.3
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold Trained on one corpus, tested on each · fusion=mel}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'Gap in UAR to training within the test corpus' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'synthetic-en' at screen x(35.51), screen y(16.55) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'synthetic-de' at screen x(35.51), screen y(31.55) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'synthetic-en' at screen x(44.01), screen y(41.33) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'synthetic-de' at screen x(59.01), screen y(41.33) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'N = 256' at screen x(44.01), screen y(44.08) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'N = 256' at screen x(59.01), screen y(44.08) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Training corpus' at screen x(20.29), screen y(24.05) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Test corpus (N utterances)' at screen x(51.51), screen y(47.15) center font ',7' textcolor rgb '#000000' noenhanced front
set label '−10' at screen x(41.91), screen y(53.62) center font ',6' textcolor rgb '#000000' noenhanced front
set label '0' at screen x(51.51), screen y(53.62) center font ',6' textcolor rgb '#000000' noenhanced front
set label '10' at screen x(61.11), screen y(53.62) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Gap (percentage points)' at screen x(51.51), screen y(56.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Percentage points of UAR: the cell minus the framed cell of its column, a difference of' at screen x(1.5), screen y(59.9) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'means. Framed, in brackets: UAR within the corpus (%).' at screen x(1.5), screen y(62.44) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'All cells: The speech in this folder is synthetic: eSpeak NG 1.51 spoke it for make-' at screen x(1.5), screen y(64.98) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'synthetic-speech.sh (script 67a700eeea7e, seed 1), and no person was recorded.' at screen x(1.5), screen y(67.52) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
sign(i) = i < 1 ? '' : word('', int(i))
signed(v) = abs(v) < 0.05 ? '0.0' : (v < 0 ? '−' : '+').sprintf('%.1f', abs(v))
unset tics
set colorbox horizontal user origin screen x(36.51), screen y(51.95) size screen 30 / W, screen 2 / H noborder
set cbtics out scale 0.3 ('' -10, '' 0, '' 10)
set lmargin at screen x(36.51)
set rmargin at screen x(66.51)
set tmargin at screen y(9.05)
set bmargin at screen y(39.05)
set xrange [-0.5:1.5]
set yrange [1.5:-0.5]
set border 15 lw 0.5 lc rgb '#808080'
set palette defined (0 '#b35806', 0.125 '#e08214', 0.25 '#fdb863', 0.375 '#fee0b6', 0.5 '#f7f7f7', 0.625 '#d8daeb', 0.75 '#b2abd2', 0.875 '#8073ac', 1 '#542788')
set cbrange [-15.625:15.625]
position(v) = v <= -15.625 ? 0 : v >= 15.625 ? 1 : (v - -15.625) / (1.0 * 15.625 - -15.625)
ink(p) = ((p >= 0 && p < 0.014) || (p >= 0.887 && p < 1.001)) ? 0xffffff : 0x000000
plot '+' every ::0::0 using (-9):(-9) with dots, \
  data index 'cells:' using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid border rgb '#ffffff' linewidth 0.5 linecolor palette, \
  data index 'cells:' using 1:($2 + 0):((valid(4) ? sprintf('(%.1f)', $4) : signed($3)).sign($5)):(ink(position($3))) with labels font ',7' textcolor rgb variable noenhanced, \
  data index 'framed:' using 1:2:(0.46):(0.46) with boxxyerror fillstyle empty linecolor rgb '#000000' linewidth 2
unset label; unset arrow; unset object
unset output
