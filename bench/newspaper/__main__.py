"""Makes a newspaper for measurements: see the package."""

import argparse
import sys

from bench.set_up import begin


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="10k", help="pieces: 1k, 10k, 50k, 100k, 1m or a number")
    parser.add_argument("--shapes", default="", help="replies of some more pieces: 0,100,1000")
    parser.add_argument("--plain", action="store_true", help="without pictures")
    given = begin(parser, state="newspaper")
    # The models need the settings.
    from bench.newspaper.make import SIZES, HalfMade, make  # noqa: PLC0415
    from bench.newspaper.pieces import SHAPES  # noqa: PLC0415

    try:
        shapes = tuple(map(int, given.shapes.split(","))) if given.shapes else SHAPES
        make(SIZES.get(given.size) or int(given.size), shapes=shapes, images=not given.plain)
    except (HalfMade, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
