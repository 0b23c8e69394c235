# The time of a training step against what it works on; drawn from cost.dat in the current folder. The broken line
# is what its operations would take at the rate of the reference network, the filled point.
set encoding utf8
array titles[4] = ["clips a step", "frames a clip", "channels of the first block", "hidden units"]
array reference[4] = [32, 300, 32, 128]
set border 3 lc rgb "#444444"
set xtics nomirror
set ytics nomirror
set grid ytics lc rgb "#dddddd"
set xrange [0:*]
set yrange [0:*]
unset key
do for [format in "pdf svg png"] {
  if (format eq "pdf") { set terminal pdfcairo size 18cm, 9cm font "Helvetica,8" }
  if (format eq "svg") { set terminal svg size 1000, 500 font "Helvetica,13" }
  if (format eq "png") { set terminal pngcairo size 2000, 1000 font "Helvetica,22" }
  set output "cost." . format
  set multiplot layout 2, 2
  do for [panel = 1:4] {
    set xlabel titles[panel]
    set ylabel "ms a step"
    stats "cost.dat" index panel - 1 using ($1 == reference[panel] ? $2 / $3 : NaN) nooutput
    rate = STATS_mean
    plot "cost.dat" index panel - 1 using 1:($3 * rate) with lines dt 2 lc rgb "#888888", \
         "" index panel - 1 using 1:2 with linespoints pt 6 lc rgb "#4477AA", \
         "" index panel - 1 using ($1 == reference[panel] ? $1 : NaN):2 with points pt 7 lc rgb "#4477AA"
  }
  unset multiplot
  unset output
}
