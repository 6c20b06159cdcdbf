def site_lines(number):
    return b"".join(b"line %08d\n" % line for line in range(number))
