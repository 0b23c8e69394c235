#!/usr/bin/env python3
"""Packs the synthetic speech of ../formats/speech.flac into containers that ffmpeg decodes.

    python make_media.py            # needs ffmpeg
"""
import pathlib
import subprocess

HERE = pathlib.Path(__file__).parent
SPEECH = HERE.parent / "formats" / "speech.flac"
PICTURE = ["-f", "lavfi", "-i", "color=c=gray:s=32x32:r=4"]


def ffmpeg(name, *arguments):
    command = ["ffmpeg", "-v", "error", "-y", *arguments, "-bitexact", str(HERE / name)]
    subprocess.run(command, check=True)
    print(name, (HERE / name).stat().st_size)


film = ["-c:v", "libx264", "-preset", "ultrafast"]
sound = ["-c:a", "aac", "-b:a", "64k", "-ar", "16000"]
# As MELD's clips are: H.264 and AAC, the header behind the data; 5.1 as some of them have.
ffmpeg("film.mp4", *PICTURE, "-i", str(SPEECH), "-shortest", *film, *sound)
ffmpeg("header-first.mp4", *PICTURE, "-i", str(SPEECH), "-shortest", *film, *sound, "-movflags", "+faststart")
ffmpeg("surround.mp4", "-i", str(SPEECH), *sound, "-ac", "6", "-b:a", "192k")
ffmpeg("fragments.mp4", "-i", str(SPEECH), *sound, "-movflags", "+frag_keyframe+empty_moov")
ffmpeg("silent-film.mp4", *PICTURE, "-t", "1", *film)
ffmpeg("sound.m4a", "-i", str(SPEECH), *sound)
ffmpeg("sound.aac", "-i", str(SPEECH), *sound)
ffmpeg("film.mkv", *PICTURE, "-i", str(SPEECH), "-shortest", *film, "-c:a", "libvorbis")
ffmpeg("film.avi", *PICTURE, "-i", str(SPEECH), "-shortest", *film, "-c:a", "pcm_s16le")
ffmpeg("film.flv", *PICTURE, "-i", str(SPEECH), "-shortest", *film, "-c:a", "libmp3lame", "-ar", "11025")
